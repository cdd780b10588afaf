"""A project of one's own: begun in an empty folder, renewed with slanb, run by a schedule.

shape      what a project begins with, text by text
beginning  the first files, from the company's answers and its CRM's exports
offers     what the records say where the first agreement is asked for numbers
renewal    the files of a newer slanb, where nobody has changed them
schedules  recipes by which a machine runs it
"""

from slanb.project.beginning import begin
from slanb.project.renewal import renew
from slanb.project.schedules import schedule

__all__ = ["begin", "renew", "schedule"]
