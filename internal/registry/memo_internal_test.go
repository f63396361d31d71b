package registry

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemo_OneWhoLeavesDisturbsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m memo[string]
		calls := 0
		work := func(ctx context.Context) (string, error) {
			calls++
			return "done", sleep(ctx, time.Second)
		}
		impatient, cancel := context.WithCancel(t.Context())
		left, stayed := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := m.do(impatient, "k", work)
			left <- err
		}()
		synctest.Wait()
		go func() {
			value, err := m.do(t.Context(), "k", work)
			if value != "done" {
				t.Errorf("the one who stayed got %q", value)
			}
			stayed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the one who left got %v", err)
		}
		if err := <-stayed; err != nil {
			t.Errorf("the one who stayed got %v", err)
		}
		if calls != 1 {
			t.Errorf("the work was done %d times", calls)
		}
	})
}

func TestMemo_ForgetsWorkThatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m memo[string]
		stopped := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := m.do(ctx, "k", func(ctx context.Context) (string, error) {
			err := sleep(ctx, time.Hour)
			stopped <- err
			return "", err
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("the work was stopped with %v", err)
		}
		value, err := m.do(t.Context(), "k", func(context.Context) (string, error) { return "again", nil })
		if value != "again" || err != nil {
			t.Errorf("got %q, %v", value, err)
		}
	})
}

func TestMemo_KeepsSuccessAndFailureByKey(t *testing.T) {
	t.Parallel()
	var m memo[int]
	broken := errors.New("broken")
	for i := range 3 {
		if got, err := m.do(t.Context(), "good", func(context.Context) (int, error) { return i, nil }); got != 0 || err != nil {
			t.Errorf("got %d, %v; want the first answer", got, err)
		}
		if _, err := m.do(t.Context(), "bad", func(context.Context) (int, error) {
			if i > 0 {
				return i, nil
			}
			return 0, broken
		}); !errors.Is(err, broken) {
			t.Errorf("got %v; want the first failure", err)
		}
	}
}
