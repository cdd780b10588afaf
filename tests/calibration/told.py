"""What the study's README says around its tables."""

HEAD = """\
# Calibration: do the estimates hold what they promise?

Made by `make calibrate` (`tests/calibration/study.py`); do not edit by hand. Seed {seed}; numpy {numpy},
scipy {scipy}, pandas {pandas}. Nothing was tuned on these companies, but on others, drawn with other seeds.

**The companies.** Three tiers (A 15 % of the leads, close rate 14 %; B 35 %, 6 %; C 50 %, 2 %), each
company's rates moved together by a factor that scatters by {between:.0%}; time to close log-normal with
median {median:.0f} days and sigma {sigma} where nothing else is said. "Short" marks what lies outside the
range asked for.
"""
ABOUT = {
    "real": """\
Each month's cohort read at the end of its own month and one and two months later, from what was on record
then, against the share of it that had bought in the end (Olist: cohorts of January to May 2018, end 1
December 2018; school: July to December 2023, end 22 June 2024; wins nobody dated are left out on both
sides). Errors are means of absolute differences of close rates. Where records have just begun, the curve
still rises and the correction is refused: the plain rate stands alone then, with the reason; what it would
have said stands beside.
""",
    "pace_real": "Months of real companies, each value with its standard error.\n",
}
TOGETHER = """\
Of {cells} cells with a range, {outside} lie outside it; the farthest by {most:.1f} of its standard errors.
Were every true value within its range, at its edge even, one of so many cells would lie {limit:.1f} or more
beyond in 5 of 100 studies.
"""
