package chart_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
)

// A user who wants the chart itself can have it as files.
func ExampleFiles() {
	dir, err := os.MkdirTemp("", "chart")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(filepath.Join(dir, "seaworthy-workload"), chart.Files()); err != nil {
		fmt.Println(err)
		return
	}
	_, err = os.Stat(filepath.Join(dir, "seaworthy-workload", "Chart.yaml"))
	fmt.Println(err)
	// Output: <nil>
}
