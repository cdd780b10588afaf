-- An instant (UTC, without a mark) on a zone's clock, and back. Engines that have other words for it have them in
-- `dialects.py`.
create macro shown(moment, zone) as timezone(zone, timezone('UTC', moment));
create macro instant_of(moment, zone) as timezone('UTC', timezone(zone, moment));
