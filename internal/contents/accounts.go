package contents

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// passwdPath is where the names of users are.
const passwdPath = "etc/passwd"

// Limits on /etc/passwd. What is beyond them is not looked up.
const (
	maxAccounts    = 10_000
	maxPasswdBytes = 4 << 20
)

// readAccounts reads user IDs by name. Lines that are no accounts are passed over, as the C library does. Of two
// accounts with one name the first counts. Source: passwd(5).
func readAccounts(r io.Reader) map[string]uint32 {
	accounts := map[string]uint32{}
	scanner := bufio.NewScanner(io.LimitReader(r, maxPasswdBytes))
	for scanner.Scan() && len(accounts) < maxAccounts {
		fields := strings.Split(scanner.Text(), ":")
		if len(fields) < 4 || fields[0] == "" || len(fields[0]) > 256 {
			continue
		}
		id, err := strconv.ParseUint(fields[2], 10, 32)
		if _, known := accounts[fields[0]]; err == nil && !known {
			accounts[fields[0]] = uint32(id)
		}
	}
	return accounts
}
