package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// comparisonResultModel is one element of results. Nil is null.
type comparisonResultModel struct {
	Pinned               types.String           `tfsdk:"pinned"`
	Digest               string                 `tfsdk:"digest"`
	Platforms            []string               `tfsdk:"platforms"`
	SizeBytes            int64                  `tfsdk:"size_bytes"`
	UncompressedBytes    *int64                 `tfsdk:"uncompressed_bytes"`
	LayerCount           int64                  `tfsdk:"layer_count"`
	Created              *string                `tfsdk:"created"`
	OSID                 types.String           `tfsdk:"os_id"`
	OSVersion            types.String           `tfsdk:"os_version"`
	OSName               types.String           `tfsdk:"os_name"`
	EndOfLife            types.String           `tfsdk:"end_of_life"`
	ExtendedSupportUntil types.String           `tfsdk:"extended_support_until"`
	Libc                 types.String           `tfsdk:"libc"`
	Shells               []string               `tfsdk:"shells"`
	PackageManager       *string                `tfsdk:"package_manager"`
	PackageCount         *int64                 `tfsdk:"package_count"`
	Packages             map[string]string      `tfsdk:"packages"`
	User                 types.String           `tfsdk:"user"`
	RunsAsRoot           bool                   `tfsdk:"runs_as_root"`
	SetuidFiles          []string               `tfsdk:"setuid_files"`
	WorldWritableFiles   []string               `tfsdk:"world_writable_files"`
	Findings             []contentFindingModel  `tfsdk:"findings"`
	ELF                  *elfModel              `tfsdk:"elf"`
	Vulnerabilities      *comparisonCountsModel `tfsdk:"vulnerabilities"`
	WastedBytes          *int64                 `tfsdk:"wasted_bytes"`
	Efficiency           *float64               `tfsdk:"efficiency"`
	Advice               []adviceModel          `tfsdk:"advice"`
	Family               *familyModel           `tfsdk:"family"`
	PullBytes            int64                  `tfsdk:"pull_bytes"`
	EstimatedPullSeconds *float64               `tfsdk:"estimated_pull_seconds"`
	Eligible             bool                   `tfsdk:"eligible"`
	Reasons              []string               `tfsdk:"reasons"`
	Unknowns             map[string]string      `tfsdk:"unknowns"`
}

type contentFindingModel struct {
	Kind        string `tfsdk:"kind"`
	Path        string `tfsdk:"path"`
	LayerDigest string `tfsdk:"layer_digest"`
	Hidden      bool   `tfsdk:"hidden"`
}

type elfModel struct {
	Binaries      int64 `tfsdk:"binaries"`
	Executables   int64 `tfsdk:"executables"`
	PIE           int64 `tfsdk:"pie"`
	NX            int64 `tfsdk:"nx"`
	FullRelro     int64 `tfsdk:"full_relro"`
	StackCanary   int64 `tfsdk:"stack_canary"`
	Fortify       int64 `tfsdk:"fortify"`
	RunPath       int64 `tfsdk:"runpath"`
	UnsafeRunPath int64 `tfsdk:"unsafe_runpath"`
	Unreadable    int64 `tfsdk:"unreadable"`
}

type comparisonCountsModel struct {
	Critical int64 `tfsdk:"critical"`
	High     int64 `tfsdk:"high"`
	Medium   int64 `tfsdk:"medium"`
	Low      int64 `tfsdk:"low"`
	Unknown  int64 `tfsdk:"unknown"`
}

type adviceModel struct {
	ID    string   `tfsdk:"id"`
	Bytes int64    `tfsdk:"bytes"`
	Text  string   `tfsdk:"text"`
	Paths []string `tfsdk:"paths"`
}

type familyModel struct {
	ID            string       `tfsdk:"id"`
	Name          string       `tfsdk:"name"`
	Updates       string       `tfsdk:"updates"`
	Advisories    types.String `tfsdk:"advisories"`
	OVAL          types.String `tfsdk:"oval"`
	Feed          types.String `tfsdk:"feed"`
	Architectures []string     `tfsdk:"architectures"`
	Source        string       `tfsdk:"source"`
	Read          string       `tfsdk:"read"`
}

// comparedModel converts a result.
func comparedModel(r comparison.Result) comparisonResultModel {
	m := comparisonResultModel{
		Pinned: textOrNull(r.Pinned), Digest: r.Digest, Platforms: r.Platforms, SizeBytes: r.SizeBytes,
		UncompressedBytes: r.UncompressedBytes, LayerCount: int64(r.LayerCount), Created: r.Created,
		Shells: r.Shells, PackageManager: r.PackageManager, User: textOrNull(r.User), RunsAsRoot: r.RunsAsRoot,
		SetuidFiles: r.SetuidFiles, WorldWritableFiles: r.WorldWritable, ELF: elfOf(r.ELF), Vulnerabilities: countsOf(r.Vulnerabilities),
		WastedBytes: r.WastedBytes, Efficiency: r.Efficiency, Family: familyOf(r.Family),
		PullBytes: r.PullBytes, EstimatedPullSeconds: r.EstimatedPullSeconds,
		Eligible: r.Eligible, Reasons: r.Reasons, Unknowns: r.Unknowns,
	}
	if r.PackageCount != nil {
		count := int64(*r.PackageCount)
		m.PackageCount, m.Packages = &count, packageVersions(r.Packages)
	}
	if r.Libc != nil {
		m.Libc = types.StringValue(string(*r.Libc))
	}
	if d := r.Distribution; d != nil {
		m.OSID, m.OSVersion, m.OSName = textOrNull(d.ID), textOrNull(d.VersionID), textOrNull(d.Name)
	}
	if r.Support != nil {
		m.EndOfLife, m.ExtendedSupportUntil = textOrNull(r.Support.EndOfLife), textOrNull(r.Support.Extended)
	}
	if r.Shells != nil { // the layers were read
		m.Findings, m.Advice = findingsOf(r.Findings), adviceOf(r.Advice)
	}
	return m
}

func elfOf(e *contents.ELF) *elfModel {
	if e == nil {
		return nil
	}
	return &elfModel{
		Binaries: int64(e.Binaries), Executables: int64(e.Executables), PIE: int64(e.PIE), NX: int64(e.NX), FullRelro: int64(e.FullRelro),
		StackCanary: int64(e.Canary), Fortify: int64(e.Fortify), RunPath: int64(e.RunPath), UnsafeRunPath: int64(e.UnsafeRunPath), Unreadable: int64(e.Unreadable),
	}
}

func countsOf(c *vulnerability.Counts) *comparisonCountsModel {
	if c == nil {
		return nil
	}
	return &comparisonCountsModel{int64(c.Critical), int64(c.High), int64(c.Medium), int64(c.Low), int64(c.Unknown)}
}

func findingsOf(findings []contents.Finding) []contentFindingModel {
	models := make([]contentFindingModel, len(findings))
	for i, f := range findings {
		models[i] = contentFindingModel{string(f.Kind), f.Path, f.LayerDigest, f.Hidden}
	}
	return models
}

func adviceOf(advice []contents.Advice) []adviceModel {
	models := make([]adviceModel, len(advice))
	for i, a := range advice {
		models[i] = adviceModel{a.ID, a.Bytes, a.Text, a.Paths}
	}
	return models
}

func familyOf(f *distro.Family) *familyModel {
	if f == nil {
		return nil
	}
	return &familyModel{
		ID: f.ID, Name: f.Name, Updates: f.Updates, Advisories: textOrNull(f.Advisories), OVAL: textOrNull(f.OVAL), Feed: textOrNull(f.Feed),
		Architectures: orEmpty(f.Architectures), Source: f.Source, Read: f.Read,
	}
}

// packageVersions lists versions by "ecosystem/name", several of one package in their order, separated by commas.
func packageVersions(list []packages.Package) map[string]string {
	versions := map[string][]string{}
	for _, p := range list {
		key := string(p.Ecosystem) + "/" + p.Name
		if !slices.Contains(versions[key], p.Version) {
			versions[key] = append(versions[key], p.Version)
		}
	}
	joined := make(map[string]string, len(versions))
	for name, all := range versions {
		slices.Sort(all)
		joined[name] = all[0]
		for _, v := range all[1:] {
			joined[name] += ", " + v
		}
	}
	return joined
}
