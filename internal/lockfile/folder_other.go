//go:build !unix || solaris || illumos || aix

package lockfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// How long another process may hold the lock. It does so for the milliseconds of one write; after lockStale it is taken
// to have died in between.
const (
	lockTries = 1000
	lockPause = 10 * time.Millisecond
	lockStale = 5 * time.Second
)

// lockFolder keeps other processes from writing the file until unlock is called. Where folders can not be locked, a file beside
// it that only one process can create is the lock.
func lockFolder(path string) (unlock func(), err error) {
	marker := path + ".writing"
	for range lockTries {
		f, err := os.OpenFile(marker, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			_ = f.Close()
			return func() { _ = os.Remove(marker) }, nil
		}
		// Windows says "permission" of a file that is being deleted.
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		if info, err := os.Stat(marker); err == nil && time.Since(info.ModTime()) > lockStale {
			_ = os.Remove(marker)
			continue
		}
		time.Sleep(lockPause)
	}
	return nil, fmt.Errorf("the file %s is there for %s; if no Terraform is running, delete it", marker, lockTries*lockPause)
}
