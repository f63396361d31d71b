package packages

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// sqliteMagic is how a SQLite database begins.
const sqliteMagic = "SQLite format 3\x00"

// Kinds of pages of a table's tree. Source: "Database File Format", sqlite.org, section 1.6.
const (
	tableInterior = 0x05
	tableLeaf     = 0x0d
)

// maxSQLiteDepth bounds a tree's depth; one of 12 with the smallest pages would hold more than a file can.
const maxSQLiteDepth = 12

var errSQLite = errors.New("the SQLite database is damaged")

// sqliteBlobs calls add with the blob of each row of the table Packages, which has an integer key and the blob.
//
// A reader of the file format, and no SQL: the one table is walked from its root page. A general SQLite is 4 MB of code, wants
// a file on disk, and is not made for hostile files.
func sqliteBlobs(raw []byte, add func([]byte) error) error {
	db, err := openSQLite(raw)
	if err != nil {
		return err
	}
	root := 0
	// Page 1 is the root of the schema: type, name, table, root page, SQL.
	err = db.walk(1, 0, func(record []byte) error {
		values, err := sqliteValues(record)
		if err != nil {
			return err
		}
		if len(values) >= 4 && string(values[0].bytes) == "table" && string(values[1].bytes) == "Packages" {
			root = int(values[3].number)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if root == 0 {
		return errors.New("the SQLite database has no table Packages")
	}
	return db.walk(root, 0, func(record []byte) error {
		values, err := sqliteValues(record)
		if err != nil {
			return err
		}
		if len(values) < 2 {
			return errSQLite
		}
		return add(values[1].bytes)
	})
}

// sqlite is a database in memory.
type sqlite struct {
	raw      []byte
	pageSize int
	usable   int // of a page: without what is reserved at its end
	visits   int
}

func openSQLite(raw []byte) (*sqlite, error) {
	if len(raw) < 100 {
		return nil, errSQLite
	}
	size := int(binary.BigEndian.Uint16(raw[16:]))
	if size == 1 {
		size = 65_536
	}
	db := &sqlite{raw: raw, pageSize: size, usable: size - int(raw[20])}
	if size < 512 || size&(size-1) != 0 || db.usable < 480 {
		return nil, errSQLite
	}
	return db, nil
}

// page returns a page; they are counted from 1.
func (db *sqlite) page(n int) ([]byte, error) {
	start := (n - 1) * db.pageSize
	if n < 1 || start+db.pageSize > len(db.raw) {
		return nil, errSQLite
	}
	// A tree has no page twice, so a walk that visits more pages than there are goes in a circle.
	if db.visits++; db.visits > 2*len(db.raw)/db.pageSize+2 {
		return nil, errSQLite
	}
	return db.raw[start : start+db.pageSize], nil
}

// walk calls visit with each record of the table whose tree has the given root.
func (db *sqlite) walk(root, depth int, visit func(record []byte) error) error {
	if depth > maxSQLiteDepth {
		return errSQLite
	}
	page, err := db.page(root)
	if err != nil {
		return err
	}
	head := page
	if root == 1 {
		head = page[100:] // behind the file's own header
	}
	cells, pointers := int(binary.BigEndian.Uint16(head[3:])), 8
	if head[0] == tableInterior {
		pointers = 12
	}
	if (head[0] != tableInterior && head[0] != tableLeaf) || pointers+2*cells > len(head) {
		return errSQLite
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(head[pointers+2*i:]))
		if at+4 > db.usable {
			return errSQLite
		}
		if head[0] == tableInterior {
			err = db.walk(int(binary.BigEndian.Uint32(page[at:])), depth+1, visit)
		} else {
			err = db.cell(page[:db.usable], at, visit)
		}
		if err != nil {
			return err
		}
	}
	if head[0] == tableInterior {
		return db.walk(int(binary.BigEndian.Uint32(head[8:])), depth+1, visit)
	}
	return nil
}

// cell reads a leaf's cell: length of the record, key, and the record, whose end may lie on overflow pages.
// Source: "Database File Format", section 1.6, "B-tree Cell Format" and the formula for the local part.
func (db *sqlite) cell(page []byte, at int, visit func(record []byte) error) error {
	length, rest, ok := sqliteVarint(page[at:])
	if !ok || length > maxRPMBytes {
		return errSQLite
	}
	_, rest, ok = sqliteVarint(rest)
	if !ok {
		return errSQLite
	}
	size, local := int(length), int(length)
	if largest := db.usable - 35; size > largest {
		smallest := (db.usable-12)*32/255 - 23
		local = smallest + (size-smallest)%(db.usable-4)
		if local > largest {
			local = smallest
		}
	}
	if local > len(rest) {
		return errSQLite
	}
	record := rest[:local:local]
	if local < size {
		if len(rest) < local+4 {
			return errSQLite
		}
		var err error
		if record, err = db.overflow(record, size, int(binary.BigEndian.Uint32(rest[local:]))); err != nil {
			return err
		}
	}
	return visit(record)
}

// overflow appends the pages of a chain to a record until it has its size.
func (db *sqlite) overflow(record []byte, size, next int) ([]byte, error) {
	for len(record) < size {
		page, err := db.page(next)
		if err != nil {
			return nil, err
		}
		next = int(binary.BigEndian.Uint32(page))
		part := page[4:db.usable]
		record = append(record, part[:min(len(part), size-len(record))]...)
	}
	return record, nil
}

// sqliteValue is a column of a record: a number, or the bytes of a text or blob.
type sqliteValue struct {
	number int64
	bytes  []byte
}

// sqliteValues takes a record apart: a header with the columns' types, then their values.
// Source: "Database File Format", section 2.1.
func sqliteValues(record []byte) ([]sqliteValue, error) {
	length, rest, ok := sqliteVarint(record)
	if !ok || length > uint64(len(record)) {
		return nil, errSQLite
	}
	header, body := record[len(record)-len(rest):length], record[length:]
	var values []sqliteValue
	for len(header) > 0 {
		var kind uint64
		if kind, header, ok = sqliteVarint(header); !ok {
			return nil, errSQLite
		}
		size, err := sqliteSize(kind)
		if err != nil || size > len(body) {
			return nil, errSQLite
		}
		v := sqliteValue{bytes: body[:size]}
		if kind <= 6 {
			for _, b := range body[:size] {
				v.number = v.number<<8 | int64(b)
			}
		} else if kind == 9 {
			v.number = 1
		}
		values, body = append(values, v), body[size:]
	}
	return values, nil
}

// sqliteSize returns how many bytes a column of a type has.
func sqliteSize(kind uint64) (int, error) {
	switch {
	case kind <= 4:
		return int(kind), nil
	case kind == 5:
		return 6, nil
	case kind == 6 || kind == 7:
		return 8, nil
	case kind == 8 || kind == 9:
		return 0, nil
	case kind >= 12 && kind < 1<<33:
		return int(kind-12) / 2, nil
	}
	return 0, fmt.Errorf("type %d: %w", kind, errSQLite)
}

// sqliteVarint reads a number of up to nine bytes, seven bits in each, the highest first; the ninth has eight.
func sqliteVarint(b []byte) (value uint64, rest []byte, ok bool) {
	for i := range min(9, len(b)) {
		if i == 8 {
			return value<<8 | uint64(b[i]), b[i+1:], true
		}
		value = value<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return value, b[i+1:], true
		}
	}
	return 0, nil, false
}
