package words

import (
	"math"
	"time"
)

// Size writes bytes in powers of ten, as drives are sold: "1.2 GB".
func (w *Words) Size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB"}
	value, unit := float64(n), 0
	for math.Abs(value) >= 999.5 && unit < len(units)-1 {
		value /= 1000
		unit++
	}
	switch {
	case unit == 0 || math.Abs(value) >= 99.95:
		return w.Say("%.0f", value) + " " + units[unit]
	default:
		return w.Say("%.1f", value) + " " + units[unit]
	}
}

// Rate is Size in a second.
func (w *Words) Rate(perSecond float64) string {
	return w.Size(int64(perSecond)) + "/s"
}

// Duration writes a time that people wait: "8 s", "3 min 20 s", "1 h 5 min".
func (w *Words) Duration(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	switch {
	case s < 60:
		return w.Say("%d s", s)
	case s < 3600:
		return w.Say("%d min %d s", s/60, s%60)
	}
	return w.Say("%d h %d min", s/3600, s%3600/60)
}

// Left writes how long something still takes, roughly.
func (w *Words) Left(d time.Duration) string {
	switch s := int(d.Seconds()); {
	case s < 10:
		return w.Say("a few seconds left")
	case s < 90:
		return w.Say("about %d s left", (s+4)/5*5)
	case s < 5400:
		return w.Count((s+30)/60, "about %d minute left", "about %d minutes left")
	}
	return w.Say("about %.1f hours left", d.Hours())
}

// Ago writes when something was, as seen from now.
func (w *Words) Ago(then, now time.Time) string {
	d := now.Sub(then)
	switch {
	case d < time.Minute:
		return w.Say("just now")
	case d < time.Hour:
		return w.Count(int(d.Minutes()), "%d minute ago", "%d minutes ago")
	case d < 24*time.Hour:
		return w.Count(int(d.Hours()), "%d hour ago", "%d hours ago")
	case d < 30*24*time.Hour:
		return w.Count(int(d.Hours()/24), "%d day ago", "%d days ago")
	}
	return then.Format("2006-01-02")
}
