package packages

import (
	"fmt"
	"io"
)

// ReadApk reads apk's database, /lib/apk/db/installed. Each record has one-letter fields: P name, V version, A
// architecture, o origin, which is the source package; its version is the package's own.
// Source: apk-tools 2.14, src/database.c and src/package.c.
func ReadApk(r io.Reader) ([]Package, error) {
	keep := func(line string) bool {
		if len(line) < 2 || line[1] != ':' {
			return false
		}
		return line[0] == 'P' || line[0] == 'V' || line[0] == 'A' || line[0] == 'o'
	}
	var list []Package
	err := eachParagraph(r, keep, func(lines []string) error {
		p := Package{Ecosystem: Apk}
		for _, line := range lines {
			switch value := line[2:]; line[0] {
			case 'P':
				p.Name = value
			case 'V':
				p.Version = value
			case 'A':
				p.Arch = value
			case 'o':
				p.SourceName = value
			}
		}
		if p.Version == "" {
			return fmt.Errorf("package %.40q has no version", p.Name)
		}
		var err error
		list, err = appendChecked(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("apk's database: %w", err)
	}
	return list, nil
}
