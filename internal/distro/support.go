package distro

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Support says until when a release gets updates. Days are written YYYY-MM-DD, so that they compare as texts.
type Support struct {
	// EndOfLife is the last day of free updates for everybody.
	EndOfLife string
	// Extended is the last day of extended support, by volunteers or for money, or empty. Of several it is the last: for
	// Debian that of ELTS, for Ubuntu that of the legacy add-on.
	Extended string
	// Source is where the row was read, and Read the day.
	Source string
	Read   string
}

// Table holds the ends of life of releases, by ID and version. Its methods may be called at the same time.
type Table struct {
	rows map[string]Support // "debian 12"
	ids  map[string]bool
}

var (
	//go:embed data/debian.csv
	debianCSV string
	//go:embed data/ubuntu.csv
	ubuntuCSV string
	//go:embed data/releases.csv
	releasesCSV string
)

// Source and day of debian.csv and ubuntu.csv.
const (
	distroInfo     = "distro-info-data 0.58+deb12u7"
	distroInfoRead = "2026-11-26"
)

// EmbeddedTable returns the table that the provider brings along.
func EmbeddedTable() (*Table, error) {
	t := &Table{rows: map[string]Support{}, ids: map[string]bool{}}
	// The columns after the release's own are: eol and, each later than the one before, the extended ones.
	for id, data := range map[string]string{"debian": debianCSV, "ubuntu": ubuntuCSV} {
		if err := t.addDistroInfo(id, data); err != nil {
			return nil, fmt.Errorf("%s.csv: %w", id, err)
		}
	}
	return t, t.Add(strings.NewReader(releasesCSV))
}

// addDistroInfo reads a file of distro-info-data: version, codename, series, created, release, eol and extended ends.
func (t *Table) addDistroInfo(id, data string) error {
	reader := csv.NewReader(strings.NewReader(data))
	reader.FieldsPerRecord = -1
	records, err := reader.ReadAll()
	if err != nil {
		return err
	}
	for _, r := range records[1:] {
		version, _, _ := strings.Cut(r[0], " ") // "24.04 LTS"
		if len(r) < 6 || version == "" {
			continue // not released, or never to be
		}
		s := Support{EndOfLife: r[5], Source: distroInfo, Read: distroInfoRead}
		if len(r) > 6 {
			s.Extended = slices.Max(r[6:])
		}
		t.set(id, version, s)
	}
	return nil
}

func (t *Table) set(id, version string, s Support) {
	t.rows[id+" "+version] = s
	t.ids[id] = true
}

// Limits on a table that a user brings.
const maxTableBytes = 1 << 20

// header is the first line of a table.
var header = []string{"id", "version", "end_of_life", "extended", "source", "read"}

var day = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

// IsDay reports whether text is a day as YYYY-MM-DD.
func IsDay(text string) bool { return day.MatchString(text) }

// Add puts the rows of a CSV file over those that are there. Its first line is
// "id,version,end_of_life,extended,source,read"; extended may be empty. The error names the line to blame.
func (t *Table) Add(r io.Reader) error {
	reader := csv.NewReader(io.LimitReader(r, maxTableBytes))
	reader.FieldsPerRecord = len(header)
	first, err := reader.Read()
	if err != nil {
		return fmt.Errorf("the table of releases: %w", err)
	}
	if !slices.Equal(first, header) {
		return fmt.Errorf("the table of releases: line 1: it must be %q", strings.Join(header, ","))
	}
	for {
		row, err := reader.Read()
		if err == io.EOF { //nolint:errorlint // csv.Reader returns it as it is.
			return nil
		}
		if err != nil {
			return fmt.Errorf("the table of releases: %w", err)
		}
		line, _ := reader.FieldPos(0)
		if !osID.MatchString(row[0]) || row[1] == "" || !IsDay(row[2]) || (row[3] != "" && !IsDay(row[3])) || !IsDay(row[5]) {
			return fmt.Errorf("the table of releases: line %d: write an ID as in os-release, a version, and days as YYYY-MM-DD", line)
		}
		t.set(row[0], row[1], Support{EndOfLife: row[2], Extended: row[3], Source: row[4], Read: row[5]})
	}
}

// Support returns what is known of the support of a distribution's release. If nothing is, it returns the reason.
//
// A version may be more exact than the table: "3.22.1" is looked up as "3.22" and "9.4" as "9" where the table has no row for it.
func (t *Table) Support(d Distribution) (s Support, reason string) {
	switch {
	case d.IsZero():
		return Support{}, "the distribution is not known"
	case d.VersionID == "":
		return Support{}, fmt.Sprintf("%s has no version, as rolling and unreleased distributions have none", d.ID)
	}
	for version := d.VersionID; ; {
		if s, ok := t.rows[d.ID+" "+version]; ok {
			return s, ""
		}
		i := strings.LastIndex(version, ".")
		if i < 0 {
			break
		}
		version = version[:i]
	}
	if !t.ids[d.ID] {
		return Support{}, fmt.Sprintf("no end of life is known for the distribution %s", d.ID)
	}
	return Support{}, fmt.Sprintf("no end of life is known for %s; the table may be older than the release", d)
}
