"""What can be said about an agreement in one period: its promises, days, people and rules, in words.

Floor 2. Texts people wrote stand as they are; what is said about them is in the agreement's language. The
document, the scorecard and the status reports speak with these words.
"""

from slanb.saying.basics import sentence
from slanb.saying.promises import COUNTED, UNITS
from slanb.saying.rules import Saying

__all__ = ["COUNTED", "UNITS", "Saying", "sentence"]
