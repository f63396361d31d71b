package manifest

import (
	"fmt"
	"strings"
)

// document is one document of a stream, and the line on which it begins, from 1 on.
type document struct {
	text string
	line int
}

// split takes a YAML stream apart at its document markers ("---" and "...") and
// returns the documents that hold more than comments, with LF line ends.
//
// A marker counts at the start of a line only, so one inside a scalar of a block
// mapping, which is indented, is text.
func split(stream string) ([]document, error) {
	stream = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(stream, "\ufeff"))
	// YAML 1.1 readers, kubectl's among them, break lines at these characters too, and
	// would end the document at a marker behind one; YAML 1.2 readers would not.
	for _, br := range []string{"\u0085", "\u2028", "\u2029"} {
		if strings.Contains(stream, br+"---") || strings.Contains(stream, br+"...") {
			return nil, fmt.Errorf("a document marker follows the line separator %+q: readers disagree on where the document ends, end lines with a newline", br)
		}
	}

	var documents []document
	var current strings.Builder
	number, begin := 0, 1
	flush := func() {
		if text := current.String(); hasContent(text) {
			documents = append(documents, document{text, begin})
		}
		current.Reset()
		begin = number + 1
	}
	for line := range strings.Lines(stream) {
		number++
		rest, isMarker := cutMarker(line)
		if !isMarker {
			current.WriteString(line)
			continue
		}
		if hasContent(rest) {
			return nil, fmt.Errorf("text follows a document marker on the same line: %q: move it to the next line", strings.TrimSpace(line))
		}
		flush()
	}
	flush()
	return documents, nil
}

// cutMarker returns what follows a document marker at the start of the line.
func cutMarker(line string) (rest string, isMarker bool) {
	for _, marker := range []string{"---", "..."} {
		rest, found := strings.CutPrefix(line, marker)
		if found && (rest == "" || strings.ContainsAny(rest[:1], " \t\n")) {
			return rest, true
		}
	}
	return "", false
}

// hasContent reports whether a line of text holds anything but a comment.
func hasContent(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return true
		}
	}
	return false
}

// tidy drops Helm's "# Source:" line and empty lines around a document, and ends
// it with one newline. It also returns how many lines it dropped in front.
func tidy(document string) (text string, dropped int) {
	text = strings.TrimLeft(document, "\n")
	if first, rest, found := strings.Cut(text, "\n"); found && strings.HasPrefix(first, "# Source: ") {
		text = strings.TrimLeft(rest, "\n")
	}
	dropped = strings.Count(document[:len(document)-len(text)], "\n")
	return strings.TrimRight(text, "\n") + "\n", dropped
}
