package distro

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// Family is a family of base images that people choose between.
type Family struct {
	// ID and Name name the family for programs and for people.
	ID, Name string
	// Updates says who keeps it up to date, and for how long.
	Updates string
	// Advisories, OVAL and Feed are where security advisories are for people, as OVAL data, and for programs; empty where there
	// are none.
	Advisories, OVAL, Feed string
	// Architectures are those it is published for, in its own words.
	Architectures []string
	// Source is where the row was read, and Read the day.
	Source, Read string

	signs map[string]string
}

//go:embed data/families.csv
var familiesCSV string

// Families returns the catalogue, in the order in which images are matched with it.
func Families() ([]Family, error) {
	records, err := csv.NewReader(strings.NewReader(familiesCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("families.csv: %w", err)
	}
	families := make([]Family, 0, len(records))
	for _, r := range records[1:] {
		f := Family{
			ID: r[0], Name: r[1], Updates: r[3], Advisories: r[4], OVAL: r[5], Feed: r[6],
			Architectures: strings.Fields(r[7]), Source: r[8], Read: r[9], signs: map[string]string{},
		}
		for _, sign := range strings.Fields(r[2]) {
			key, value, _ := strings.Cut(sign, "=")
			f.signs[key] = value
		}
		families = append(families, f)
	}
	return families, nil
}

// Signs are what an image shows of its family.
type Signs struct {
	Distribution Distribution
	// Manager is the package manager, "none" if there is none.
	Manager string
	// HasInit tells that systemd is there.
	HasInit bool
	// HasBusybox tells that the shell is BusyBox, and HasPackages that there are packages of a distribution.
	HasBusybox, HasPackages bool
}

// FamilyOf returns the family that an image belongs to, the most special one, or false.
func FamilyOf(families []Family, s Signs) (Family, bool) {
	best, most := Family{}, 0
	for _, f := range families {
		if n := f.matches(s); n > most {
			best, most = f, n
		}
	}
	return best, most > 0
}

// matches returns how many signs the family asks for if the image shows all of them, or 0.
func (f Family) matches(s Signs) int {
	shown := map[string]string{"id": s.Distribution.ID, "manager": s.Manager, "init": "none", "shell": "other", "packages": "some"}
	if s.HasInit {
		shown["init"] = "systemd"
	}
	if s.HasBusybox {
		shown["shell"] = "busybox"
	}
	if !s.HasPackages {
		shown["packages"] = "none"
	}
	for key, value := range f.signs {
		if shown[key] != value {
			return 0
		}
	}
	return len(f.signs)
}

// FamilyIDs returns the IDs of the catalogue, sorted.
func FamilyIDs(families []Family) []string {
	ids := make([]string, len(families))
	for i, f := range families {
		ids[i] = f.ID
	}
	slices.Sort(ids)
	return ids
}
