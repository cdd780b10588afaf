"""Whether the estimates hold what they promise, on simulated companies with known truth and on real ones.

`make calibrate` runs `study` and writes `README.md`. Nothing here is tuned to the months it is judged on: the
companies below were fixed before the methods were run on them.
"""
