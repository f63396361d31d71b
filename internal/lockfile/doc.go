// Package lockfile keeps decisions about images in a file that is reviewed in version control: which digest a tag stands for,
// and which tag a version constraint chose. It is to images what .terraform.lock.hcl is to providers.
//
//	{
//	  "version": 1,
//	  "images": {
//	    "docker.io/library/nginx:1.28.0": {
//	      "digest": "sha256:…",
//	      "origin": "mirror.example.com/docker-hub/library/nginx"
//	    }
//	  },
//	  "versions": {
//	    "registry.example.com/shop/api": {
//	      "~> 1.4": "1.4.10"
//	    }
//	  }
//	}
//
// Keys are references in normal form, sorted; there is no time and no name of a machine in the file, so that the same decisions
// are the same bytes and a change of one is a change of one entry.
//
// # Rules
//
//   - The file is replaced as a whole (written beside and renamed), so a reader sees the old or the new one, never half.
//   - Several processes may use one file: Terraform starts a provider once for each configuration of it. Who writes
//     holds a lock (on Unix systems on the folder, so that nothing is left beside the file), reads the file again and adds its own
//     entries. If another process has decided the same thing meanwhile, its decision stands and is what [File.SetImage]
//     returns, so two plans that run side by side agree.
//   - Many goroutines that add entries at once share one write.
//   - A file that can not be understood is an error that leaves it as it is: a lock that is ignored is none.
//
// Nothing is ever removed: one run does not know what other runs, targets and workspaces need. To drop a decision, delete its
// lines, or the whole file. The package knows no registry; when to trust an entry is decided in package registry.
package lockfile
