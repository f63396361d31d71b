package packages

import (
	"encoding/binary"
	"errors"
)

// Berkeley DB's hash access method, in which RPM kept its database until 4.16 (CentOS 7 and 8, UBI 8, Amazon Linux 2).
// Source: Berkeley DB 5.3, src/dbinc/db_page.h and src/db/db_page.h: page header of 26 bytes, then offsets of items.
const (
	berkeleyHashMagic = 0x00061561
	hashMetaPage      = 8
	hashPage          = 13 // sorted, as all versions since 4.6 write
	hashUnsortedPage  = 2
	overflowPage      = 7
	pageHeaderBytes   = 26
	offPageItem       = 3 // an item of 12 bytes that names the first overflow page and the length
	offPageBytes      = 12
)

var errBerkeley = errors.New("the Berkeley DB is damaged")

// berkeley is a database in memory.
type berkeley struct {
	raw      []byte
	pageSize int
	order    binary.ByteOrder
}

// berkeleyBlobs calls add with each package's header. Keys and values alternate; the values are longer than a page, so they
// lie on chains of overflow pages.
func berkeleyBlobs(raw []byte, add func([]byte) error) error {
	db, err := openBerkeley(raw)
	if err != nil {
		return err
	}
	pages := len(raw) / db.pageSize
	for n := range pages {
		page := raw[n*db.pageSize : (n+1)*db.pageSize]
		if kind := page[25]; kind != hashPage && kind != hashUnsortedPage {
			continue
		}
		items := int(db.order.Uint16(page[20:]))
		if pageHeaderBytes+2*items > len(page) {
			return errBerkeley
		}
		for i := 1; i < items; i += 2 {
			at := int(db.order.Uint16(page[pageHeaderBytes+2*i:]))
			if at >= len(page) {
				return errBerkeley
			}
			if page[at] != offPageItem {
				continue // RPM keeps the next free number in a short value of its own
			}
			if at+offPageBytes > len(page) {
				return errBerkeley
			}
			blob, err := db.overflow(db.order.Uint32(page[at+4:]), db.order.Uint32(page[at+8:]))
			if err != nil {
				return err
			}
			if err := add(blob); err != nil {
				return err
			}
		}
	}
	return nil
}

// openBerkeley reads the metadata page.
func openBerkeley(raw []byte) (berkeley, error) {
	if len(raw) < 512 {
		return berkeley{}, errRPM
	}
	db := berkeley{raw: raw, order: binary.LittleEndian}
	if binary.BigEndian.Uint32(raw[12:]) == berkeleyHashMagic {
		db.order = binary.BigEndian
	} else if binary.LittleEndian.Uint32(raw[12:]) != berkeleyHashMagic {
		return berkeley{}, errRPM
	}
	db.pageSize = int(db.order.Uint32(raw[20:]))
	isEncrypted := raw[24] != 0
	if raw[25] != hashMetaPage || isEncrypted || db.pageSize < 512 || db.pageSize > 65_536 || db.pageSize&(db.pageSize-1) != 0 {
		return berkeley{}, errBerkeley
	}
	if last := int(db.order.Uint32(raw[32:])); (last+1)*db.pageSize > len(raw) {
		return berkeley{}, errBerkeley // cut off
	}
	return db, nil
}

// overflow reads a value from a chain of pages: each has the next page's number and the length of its part.
func (db berkeley) overflow(first, length uint32) ([]byte, error) {
	if int(length) > len(db.raw) {
		return nil, errBerkeley
	}
	value := make([]byte, 0, length)
	for n := int(first); n != 0 && len(value) < int(length); {
		start := n * db.pageSize
		if start < 0 || start+db.pageSize > len(db.raw) {
			return nil, errBerkeley
		}
		page := db.raw[start : start+db.pageSize]
		// What is in use of an overflow page stands where other pages have the offset of their free space.
		part := int(db.order.Uint16(page[22:]))
		if page[25] != overflowPage || part < 1 || pageHeaderBytes+part > len(page) {
			return nil, errBerkeley
		}
		value = append(value, page[pageHeaderBytes:pageHeaderBytes+part]...)
		n = int(db.order.Uint32(page[16:]))
	}
	if len(value) != int(length) {
		return nil, errBerkeley
	}
	return value, nil
}
