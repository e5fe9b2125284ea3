<?php
// As in the public image, the database is named by the environment.
define('DB_HOST', getenv('WORDPRESS_DB_HOST'));
define('DB_USER', getenv('WORDPRESS_DB_USER'));
define('DB_PASSWORD', getenv('WORDPRESS_DB_PASSWORD'));
define('DB_NAME', getenv('WORDPRESS_DB_NAME'));
define('WP_CONTENT_DIR', '/var/lib/wordpress/wp-content');
// A lab reaches nothing outside.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
