package packages

import (
	"encoding/binary"
	"errors"
)

// The ndb format, which SUSE uses. All numbers are little-endian.
// Source: rpm 4.18, lib/backend/ndb/rpmpkg.c: header, slots of 16 bytes, and blobs in blocks of 16 bytes.
const (
	ndbMagic        = "RpmP"
	ndbSlotMagic    = "Slot"
	ndbBlobMagic    = "BlbS"
	ndbPageBytes    = 4096
	ndbHeaderBytes  = 32
	ndbSlotBytes    = 16
	ndbBlockBytes   = 16
	ndbBlobHeader   = 16
	ndbVersion      = 0
	maxNDBSlotPages = 2048
)

var errNDB = errors.New("the ndb database is damaged")

// ndbBlobs calls add with each package's header.
func ndbBlobs(raw []byte, add func([]byte) error) error {
	if len(raw) < ndbHeaderBytes || binary.LittleEndian.Uint32(raw[4:]) != ndbVersion {
		return errNDB
	}
	pages := int(binary.LittleEndian.Uint32(raw[12:]))
	if pages < 1 || pages > maxNDBSlotPages || pages*ndbPageBytes > len(raw) {
		return errNDB
	}
	// The header takes the room of the first two slots.
	for at := ndbHeaderBytes; at+ndbSlotBytes <= pages*ndbPageBytes; at += ndbSlotBytes {
		slot := raw[at : at+ndbSlotBytes]
		if string(slot[:4]) != ndbSlotMagic {
			return errNDB
		}
		index, offset := binary.LittleEndian.Uint32(slot[4:]), int(binary.LittleEndian.Uint32(slot[8:]))*ndbBlockBytes
		if index == 0 {
			continue // free
		}
		if offset+ndbBlobHeader > len(raw) {
			return errNDB
		}
		blob := raw[offset:]
		size := int(binary.LittleEndian.Uint32(blob[12:]))
		if string(blob[:4]) != ndbBlobMagic || binary.LittleEndian.Uint32(blob[4:]) != index || size > len(blob)-ndbBlobHeader {
			return errNDB
		}
		if err := add(blob[ndbBlobHeader : ndbBlobHeader+size]); err != nil {
			return err
		}
	}
	return nil
}
