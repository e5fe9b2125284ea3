# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong on a node.

UnavailableError     a service or program does not answer; what it would have said is unknown
    NotRunningError  ... because nothing listens there
ActionError          an action cannot be done; the text says to whom, why, and what to do
"""

from __future__ import annotations


class UnavailableError(Exception):
    pass


class NotRunningError(UnavailableError):
    pass


class ActionError(Exception):
    pass
