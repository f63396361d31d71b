package packages

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Types of values in RPM headers. Source: rpm 4.18, include/rpm/rpmtag.h, rpmTagType_e.
const (
	rpmInt32       = 4
	rpmString      = 6
	rpmStringArray = 8
	rpmI18NString  = 9
)

// Sizes in an RPM header blob: index length and data length in front, then one entry of four numbers for each tag.
// Source: rpm 4.18, lib/header.c.
const (
	rpmIntroBytes = 8
	rpmEntryBytes = 16
	maxRPMTags    = 65_535
)

// errHeader says that a record is no header.
var errHeader = errors.New("the header of a package is damaged")

// wantedTags are the tags that are read.
var wantedTags = map[uint32]bool{
	tagName: true, tagVersion: true, tagRelease: true, tagEpoch: true, tagVendor: true, tagArch: true, tagSourceRPM: true, tagModularityLabel: true,
}

// rpmTags returns the tags that are read, numbers as text and the first of several values. All numbers in a header are big-endian.
func rpmTags(blob []byte) (map[uint32]string, error) {
	if len(blob) < rpmIntroBytes {
		return nil, errHeader
	}
	entries, size := int(binary.BigEndian.Uint32(blob)), int(binary.BigEndian.Uint32(blob[4:]))
	start := rpmIntroBytes + rpmEntryBytes*entries
	if entries < 1 || entries > maxRPMTags || size < 0 || start > len(blob) || size > len(blob)-start {
		return nil, errHeader
	}
	data := blob[start : start+size]
	tags := map[uint32]string{}
	for i := range entries {
		entry := blob[rpmIntroBytes+rpmEntryBytes*i:]
		tag, kind, offset := binary.BigEndian.Uint32(entry), binary.BigEndian.Uint32(entry[4:]), int(binary.BigEndian.Uint32(entry[8:]))
		if !wantedTags[tag] {
			continue
		}
		if offset < 0 || offset >= len(data) {
			return nil, errHeader
		}
		switch kind {
		case rpmString, rpmStringArray, rpmI18NString:
			text, _, found := bytes.Cut(data[offset:], []byte{0})
			if !found {
				return nil, errHeader
			}
			tags[tag] = string(text)
		case rpmInt32:
			if len(data)-offset < 4 {
				return nil, errHeader
			}
			tags[tag] = number(binary.BigEndian.Uint32(data[offset:]))
		}
	}
	return tags, nil
}
