"""What is known about CRMs beforehand: their records, their names, their rules.

settings     what a mapping with `preset:` may say
crms         names and values of each CRM, from hubspot.toml and salesforce.toml
labels       the same in other languages, from hubspot_labels.toml and salesforce_labels.toml
recognition  files and columns known by their headers
folder       which file holds what, and what is missing
exports      the files by field
preparation  records to rows for the canonical tables: the SQL of `staging`, step by step
"""
