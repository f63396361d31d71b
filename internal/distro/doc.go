// Package distro knows Linux distributions: which one an image holds, until when it is supported, and who looks after
// the families of base images that people choose between.
//
// The facts come from three places, kept apart:
//
//   - The image says what it is, in /etc/os-release ([ParseOSRelease]). That is a claim of the image about itself; the
//     package databases beside it are evidence, and nothing here compares the two.
//   - Tables in this package say when support ends, with the source of each row and the day on which it was read
//     ([EndOfLife]). They age: the configuration can put newer rows over them. A release that no table knows has no known
//     end of life; it is never taken to be supported, nor to be out of support.
//   - The catalogue says who updates a family of base images and where its advisories are ([Families]).
//
// Words:
//
//   - distribution: what os-release calls ID, such as "debian", "alpine" or "rhel".
//   - release: ID and version, as far as support depends on it: "debian 12", "alpine 3.22", "ubuntu 24.04".
//   - end of life: the day after which the vendor's free updates for everybody end. Extended support, by volunteers or
//     for money, has days of its own.
//
// Not done on purpose: no clock is read. Callers that ask whether support has ended bring the day.
package distro
