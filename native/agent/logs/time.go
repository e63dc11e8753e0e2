package logs

import "time"

// parseTime reads RFC 3339 in UTC with up to nine digits after the second, as the drivers write it: a million
// lines must not each go through time.Parse.
func parseTime(raw []byte) (int64, bool) {
	const shape = "2006-01-02T15:04:05"
	if len(raw) < len(shape)+1 || raw[4] != '-' || raw[7] != '-' || raw[10] != 'T' || raw[13] != ':' || raw[16] != ':' {
		return 0, false
	}
	var parts [6]int
	for i, place := range [6][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		value, ok := digits(raw[place[0]:place[1]])
		if !ok {
			return 0, false
		}
		parts[i] = value
	}
	rest := raw[len(shape):]
	nanos := 0
	if rest[0] == '.' {
		count := 0
		for count+1 < len(rest) && rest[count+1] >= '0' && rest[count+1] <= '9' {
			count++
		}
		if count == 0 || count > 9 {
			return 0, false
		}
		value, _ := digits(rest[1 : count+1])
		for i := count; i < 9; i++ {
			value *= 10
		}
		nanos, rest = value, rest[count+1:]
	}
	if len(rest) == 0 {
		return 0, false
	}
	if rest[0] != 'Z' {
		return slowTime(raw)
	}
	seconds := daysSinceEpoch(parts[0], parts[1], parts[2])*86400 + int64(parts[3]*3600+parts[4]*60+parts[5])
	return seconds*1e9 + int64(nanos), true
}

// slowTime is for an offset other than Z, which the engine never writes by itself.
func slowTime(raw []byte) (int64, bool) {
	end := 0
	for end < len(raw) && raw[end] != '"' {
		end++
	}
	at, err := time.Parse(time.RFC3339Nano, string(raw[:end]))
	return at.UnixNano(), err == nil
}

func digits(raw []byte) (int, bool) {
	value := 0
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int(c-'0')
	}
	return value, true
}

// daysSinceEpoch counts days of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
func daysSinceEpoch(year, month, day int) int64 {
	if month <= 2 {
		year--
	}
	era := year / 400
	yearOfEra := year - era*400
	shifted := (month + 9) % 12
	dayOfYear := (153*shifted+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return int64(era)*146097 + int64(dayOfEra) - 719468
}

// appendTime writes what the engine puts before each message with `timestamps`: always nine digits, UTC.
func appendTime(to []byte, ns int64) []byte {
	to = time.Unix(0, ns).UTC().AppendFormat(to, "2006-01-02T15:04:05.000000000Z07:00")
	return append(to, ' ')
}
