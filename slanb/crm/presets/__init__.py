"""What is known about CRMs beforehand: their records, their names, their rules.

Floor 2.

    settings     what a mapping with `preset:` may say
    recognition  files and columns known by their headers
    hubspot, salesforce  names and values of each CRM
    people       one person behind several records; coming back
    preparation  records to rows for the canonical tables
    opening      which file holds what, and what is missing
"""

from slanb.crm.presets.opening import CRMS, files_of, settle
from slanb.crm.presets.preparation import Preparation
from slanb.crm.presets.settings import PresetFile, PresetMapping

__all__ = ["CRMS", "Preparation", "PresetFile", "PresetMapping", "files_of", "settle"]
