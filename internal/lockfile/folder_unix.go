//go:build unix && !solaris && !illumos && !aix

package lockfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// How long another process may hold the lock. It does so for the milliseconds of one write.
const (
	lockTries = 1000
	lockPause = 10 * time.Millisecond
)

// lockFolder keeps other processes from writing the file until unlock is called. The lock is on the folder, which is there
// before and after, and the kernel drops it when the process ends.
func lockFolder(path string) (unlock func(), err error) {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	for range lockTries {
		err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { _ = folder.Close() }, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			time.Sleep(lockPause)
		default:
			// A file system without locks, such as some network mounts: the write itself is still atomic.
			return func() { _ = folder.Close() }, nil
		}
	}
	_ = folder.Close()
	return nil, fmt.Errorf("another process holds the lock on the folder for %s", lockTries*lockPause)
}
