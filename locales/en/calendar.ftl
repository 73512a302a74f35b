# Working calendars and clocks: why something is due when it is due.

# Values: $day date, $weekday, $first $last dates, $h hours, $m minutes, $s seconds, $n a number.
calendar-day = { $weekday } { $day }
calendar-days = { $first } to { $last }
calendar-list-comma = {", "}
calendar-length-h = { $h } h
calendar-length-hm = { $h } h { $m } min
calendar-length-m = { $m } min
calendar-length-s = { $s } s
calendar-length-and = { $whole } { $left }
calendar-weekday-1 = Mon
calendar-weekday-2 = Tue
calendar-weekday-3 = Wed
calendar-weekday-4 = Thu
calendar-weekday-5 = Fri
calendar-weekday-6 = Sat
calendar-weekday-7 = Sun

# What a day is. $note are the words of whoever entered the exceptional day.
calendar-kind-working = working day
calendar-kind-weekend = rest day
calendar-kind-holiday = public holiday
calendar-kind-make-up = make-up working day
calendar-kind-override = exceptional day
calendar-kind-override-note = exceptional day: { $note }
calendar-holiday-new-year = New Year's Day
calendar-holiday-spring-festival = Spring Festival
calendar-holiday-tomb-sweeping = Tomb-sweeping Day
calendar-holiday-labour-day = Labour Day
calendar-holiday-dragon-boat = Dragon Boat Festival
calendar-holiday-mid-autumn = Mid-autumn Festival
calendar-holiday-national-day = National Day

# Rules.
calendar-rule-working = { $length } of working time
calendar-rule-natural = { $length } around the clock
calendar-rule-working-days = working days: { $n }
calendar-rule-calendar-days = calendar days: { $n }
calendar-rule-calendar-days-roll = calendar days: { $n }, moved on if the last is a rest day
calendar-rule-fixed = stated time { $at }

# Why it is due then, one sentence a line.
calendar-why-start = Started { $at }
calendar-why-rule = Allowed: { $rule }
calendar-why-rule-on = Allowed: { $rule }, calendar “{ $calendar }”
calendar-why-day = { $day }, { $kind }, { $hours }: { $counted } counted
calendar-why-nth = Day { $n }: { $day }, { $kind }
calendar-why-skip-rest = { $days }: { $kind }, not counted
calendar-why-skip-paused = { $days }: paused, not counted
calendar-why-skip-outside = { $days }: { $kind }, outside working hours, not counted
calendar-why-skip-start = { $days }: the day of the start is not counted
calendar-why-skip-rolled = { $days }: { $kind }, so the last day moves on
calendar-why-pause = Paused { $from } to { $to }: { $reason }
calendar-why-paused = Paused since { $from }: { $reason }
calendar-why-change-rule = { $at }: allowed time changed to { $rule } ({ $used } used): { $reason }
calendar-why-change-calendar = From { $at } by the new hours of calendar “{ $calendar }” ({ $used } used): { $reason }
calendar-why-change-both = { $at }: allowed time changed to { $rule }, calendar “{ $calendar }” ({ $used } used): { $reason }
calendar-why-unknown-year = Calendar “{ $calendar }” does not have the public holidays of { $year } yet; counted by the ordinary week until it does
calendar-why-due = Due { $due } ({ $used } used)
calendar-why-late = Due { $due }, { $over } over
calendar-why-open = Paused: { $used } used, { $left } left, counting goes on when it is resumed
calendar-reason-calendar = the working calendar was changed

# Why something cannot be done.
fault-calendar-missing = There is no working calendar yet. Ask an administrator to add one, then try again.
fault-calendar-never-works = This calendar has no working hours within ten years, so no due time can be given. Ask an administrator to give it hours.
fault-calendar-too-far = The allowed time is more than a hundred years. Make it shorter.
fault-calendar-allowance = The allowed time cannot be less than nothing.
fault-calendar-clock-order = The time cannot be earlier than the last entry of this deadline. Check when it happened.
fault-calendar-clock-paused = This deadline is paused already.
fault-calendar-clock-not-paused = This deadline is not paused, so it cannot be resumed.
fault-calendar-clock-stopped = This deadline has ended and cannot be changed.
fault-calendar-clock-unchanged = Nothing was changed.
field-calendar-zone = There is no such time zone. Write an IANA name such as Asia/Shanghai.
field-calendar-day = { $day } is listed twice or belongs to another year.
