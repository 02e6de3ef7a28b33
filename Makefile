# Isowright. `make help` lists what can be made; each target does its own set-up.

SHELL := /bin/bash
.DEFAULT_GOAL := help
OUT ?= out
# The window's rooms are tested with the race detector; ui/view also without, for
# its times and all of its screens.
RACED = ui/(words|model|widgets|flashing)
export LANG ?= C.UTF-8

.PHONY: help setup demo build run test race lint golden shots isolinux-pictures grub-pictures theme-sheet fuzz bench vm-full nixpkgs dist dist-check install uninstall clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install the packages that building and testing need (asks first)
	@.ci/setup all

demo: ## build the command line and the rescue image, then boot it in QEMU
	@.ci/setup demo
	go build -tags nogui -o bin/isowright-cli .
	bin/isowright-cli build examples/rescue.isowright -o $(OUT)/rescue.iso
	bin/isowright-cli try $(OUT)/rescue.iso --expect 'rescue login:' --timeout 20m

build: ## build the program with its window into bin/
	@.ci/setup build
	go build -o bin/isowright .

run: build ## build the program and open its window (ARGS="plan FILE" for a command)
	bin/isowright $(ARGS)

test: ## run all tests, images booted in QEMU included
	@.ci/setup all
	PATH="$$(.ci/nix):$$PATH" ISOWRIGHT_REQUIRE_TOOLS=1 go test -timeout 25m $$(go list ./... | grep -vE '/$(RACED)$$')
	ISOWRIGHT_REQUIRE_TOOLS=1 go test -race -timeout 15m -skip TestScreens $$(go list ./... | grep -E '/($(RACED)|ui/view)$$')
	CGO_ENABLED=0 ISOWRIGHT_REQUIRE_TOOLS=1 go test -run 'TestOracles/zstd' ./builder/squash

race: ## run all tests but the whole builds with the race detector
	@.ci/setup all
	PATH="$$(.ci/nix):$$PATH" go test -race -timeout 25m -skip 'TestImage|TestEnded' ./...

lint: ## gofmt, vet, staticcheck, shellcheck
	@.ci/setup all
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	go vet -tags nogui .
	go vet -tags nixpkgs ./builder/nixos/source ./builder/nixos/nix ./builder/catalog/nixpkgs
	go tool -modfile=.ci/tools.mod staticcheck ./...
	shellcheck -x .ci/{run,setup,fuzz,nix,standin,dist,dist-check,licences} assets/desktop/install.sh internal/services/start.sh flash/drives/testdata/record/{record,guest,layouts,make-recordings}

golden: ## write the expected outputs of the tests anew; look at the difference
	go test ./builder/design ./builder/plan ./builder/nixos/source -update
	go test ./ui/view -run 'TestScreens$$' -update
	@# The toolkit's comparisons write what they drew beside what they wanted.
	go test -count 1 ./ui/widgets || { cd ui/widgets/testdata && cp -r failed/. . && rm -r failed; }

shots: ## draw the pictures of the window in README and manual anew
	go test ./ui/view -count 1 -run 'TestScreens$$' -shots ../../docs/img
	git status --short docs/img

isolinux-pictures: ## take the pictures of isolinux's menus again from the real program
	ISOWRIGHT_RETAKE=1 go test -count=1 -run TestTruth ./builder/grub/vesamenu

grub-pictures: ## take the pictures of the boot menu's suite anew from real GRUB (TAKE=REGEX for some)
	@.ci/setup all
	ISOWRIGHT_REQUIRE_TOOLS=1 go test ./builder/grub/preview -count 1 -timeout 60m -run 'TestTake$$' -parallel 2 -take '$(or $(TAKE),.)'
	git status --short builder/grub/preview/testdata/truth

theme-sheet: ## draw the picture of our boot themes in the documentation anew
	ISOWRIGHT_SHEET=1 go test -count=1 -run TestSheet ./builder/grub/themes

fuzz: ## fuzz every parser for FUZZTIME each (default 30s)
	@.ci/fuzz $(or $(FUZZTIME),30s)

bench: ## compare with mksquashfs, xorriso and live-build; prints ratios
	@.ci/setup bench
	go run ./internal/bench $(BENCH)
	@echo "The boot menu's preview at 1920x1080: a key stroke, with a theme and without, and a cold start with its memory"
	go test -run '^$$' -bench 'Key|Cold' -benchmem ./builder/grub/preview
	@echo "Debian's catalogue: a key stroke, opening it with its memory, what a package adds"
	go test -run '^$$' -bench 'KeyStroke|OpenCatalogue|Added' ./builder
	@echo "The window: from its start to the screen, with its memory; a key stroke in the search over 68,000 packages"
	go test -run '^$$' -bench WindowStart -benchtime 5x ./ui/desktop
	go test -run '^$$' -bench 'PackagesKeyStroke|MenuKey' ./ui/view

vm-full: ## boot the images in every way (firmware, Secure Boot, CD, USB); all other slow tests
	@.ci/setup bench
	ISOWRIGHT_REQUIRE_TOOLS=1 ISOWRIGHT_VM=full go test -timeout 120m -p 1 -v -run 'TestImage' ./builder ./builder/nixos/assemble
	ISOWRIGHT_REQUIRE_TOOLS=1 ISOWRIGHT_HEAVY=1 go test -timeout 120m -p 1 ./builder/squash ./builder/iso ./builder/debian/...

nixpkgs: ## evaluate NixOS designs against a tree of nixpkgs (NIXPKGS=/path [NIXPKGS_MODULE=m.nix] [RUN=TestBases])
	@test -f '$(NIXPKGS)/nixos/lib/eval-config.nix' || { echo 'make nixpkgs NIXPKGS=/path/to/nixpkgs'; exit 2; }
	PATH="$$(.ci/nix):$$PATH" ISOWRIGHT_NIXPKGS='$(abspath $(NIXPKGS))' ISOWRIGHT_NIXPKGS_MODULE='$(abspath $(NIXPKGS_MODULE))' \
		go test -tags nixpkgs -count 1 -timeout 6h -v -run '$(or $(RUN),.)' ./builder/nixos/source $(if $(ONLY),-only '$(ONLY)')
	PATH="$$(.ci/nix):$$PATH" ISOWRIGHT_NIXPKGS='$(abspath $(NIXPKGS))' \
		go test -tags nixpkgs -count 1 -v -run '$(or $(RUN),AgainstNixpkgs|TestReal)' ./builder/catalog/nixpkgs ./builder/nixos/nix

dist: ## make the tarball and the Debian package that are released, in out/dist
	@.ci/setup dist
	OUT='$(OUT)' .ci/dist

dist-check: dist ## install them in a clean Debian, use them, remove them (SUITE=bookworm)
	OUT='$(OUT)' .ci/dist-check $(SUITE)

install: ## build and install below PREFIX (default /usr/local), in DESTDIR
	@.ci/setup dist
	tree=$$(OUT='$(OUT)' .ci/dist tree) && DESTDIR='$(DESTDIR)' PREFIX='$(or $(PREFIX),/usr/local)' "$$tree/install.sh"

uninstall: ## take away what was installed below PREFIX
	DESTDIR='$(DESTDIR)' PREFIX='$(or $(PREFIX),/usr/local)' assets/desktop/install.sh --uninstall

clean: ## remove what was built here (the cache in ~/.cache/isowright stays)
	rm -rf bin $(OUT)
