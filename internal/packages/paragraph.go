package packages

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// maxLineBytes bounds one line of a database. The longest real ones are dependency lists, a few KiB long.
const maxLineBytes = 1 << 20

// eachParagraph calls add with each run of lines between empty lines, as dpkg and apk separate their records. keep
// selects the lines that are kept, so that the file lists that fill most of a database take no memory.
func eachParagraph(r io.Reader, keep func(line string) bool, add func(lines []string) error) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 4096), maxLineBytes)
	var lines []string
	flush := func() error {
		if len(lines) == 0 {
			return nil
		}
		err := add(lines)
		lines = lines[:0]
		return err
	}
	for scanner.Scan() {
		line := scanner.Text()
		if line == "" {
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		if keep(line) {
			if len(lines) == maxRecordLines {
				return fmt.Errorf("a record has more than %d lines of interest", maxRecordLines)
			}
			lines = append(lines, line)
		}
	}
	if err := scanner.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return fmt.Errorf("a line is longer than %d bytes", maxLineBytes)
		}
		return err
	}
	return flush()
}

// maxRecordLines bounds the lines of one record that are kept. Fewer than ten are asked for.
const maxRecordLines = 64
