"""What the study's README says around its tables."""

HEAD = """\
# Calibration: do the estimates hold what they promise?

Made by `make calibrate` (`tests/calibration/study.py`); do not edit by hand. Seed {seed}, {months:,}
company-months in each setting; numpy {numpy}, scipy {scipy}, pandas {pandas}. Nothing was tuned on these
companies; how uneven days are was once corrected after a look at companies drawn with another seed.

**The companies.** Three tiers (A 15 % of the leads, close rate 14 %; B 35 %, 6 %; C 50 %, 2 %), each
company's rates moved together by a factor that scatters by {between:.0%}; time to close log-normal with
median {median:.0f} days and sigma {sigma}; 60 % of the leads that never buy are marked lost after a
median of 30 days. Small companies have 150 leads a month, large ones 1,500. Deal sizes are log-normal
with sigma 0.6 (light tail) or 1.3 (heavy tail). In the last setting each month's close rate differs from
the company's by 15 %, which no plan made before the month can know: it shows where the assumptions break
(a year's rate, too, is then less sure than its leads alone say).

A share of {months:,} independent cases is itself uncertain by about 1 point (one standard error); "short"
marks what lies outside the range asked for.
"""
PLANS = """\
## Plans at 80 %

Share of company-months that reach the goal, with the leads of the plain ratio and with those for a chance
of 80 %. Asked: 78-82 %, the plain ratio being right in about half. What is learnt is learnt from the
twelve months before.
"""
INTERVALS = """\
## 80 % intervals

Share that hold the truth, learnt from twelve months of tier B's leads. Asked: 77-83 %. Deal size and lead
value follow one rule (`size_interval`); how often it refuses, since one deal carries too much, stands beside.
"""
COHORTS = """\
## Young cohorts

Tier B's leads of one month, read that soon: mean absolute error of the close rate as a share of the true
one, plain and corrected for age with the run-off of the 18 months on record. One month old: read at its
own month's end. Asked of cohorts one and two months old: at most a quarter of the plain error. A cohort's
own chance is in both errors. The two intervals are of the rate behind the cohort and of the share of its
leads that will have bought; the first is wide where months do not differ at all, which the method does
not assume. Refused: companies whose run-off does not tell its end; they are not in the errors.
"""
PACE = """\
## Pace

A forecast on every day of every month, from the months before it alone (12 to 29 of them), of reaching a
goal up to 15 % above or below what was expected. Brier score, 0 is best; asked: lower than both lines,
and in each tenth of chance the share that came true within 5 points of what was said. Forecasts of one
month go together, so a tenth is uncertain by about 2 points.
"""
REAL = """\
## Real companies, walked forward

Each month's cohort read at the end of its own month and one and two months later, from what was on record
then, against the share of it that had bought in the end (Olist: cohorts of January to May 2018, end 1
December 2018; school: July to December 2023, end 22 June 2024; wins nobody dated are left out on both
sides). Errors are means of absolute differences in points of close rate. An interval holds if the share
in the end lies in it.
"""
REAL_AFTER = """\
Where records have just begun, the curve still rises and the correction is refused: the plain rate stands
alone then, with the reason. Where it is given it is nearer to the end than the plain one, but the 80 %
ranges hold the end less often than they promise: with so few months on record, the last age that can be
read is not yet the last at which customers come, and the range does not know of those to come after it.
"""
