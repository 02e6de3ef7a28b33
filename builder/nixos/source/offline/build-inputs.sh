# Finds what must be in a store so that a changed system can be built there: the outputs that changed derivations
# build from. Runs inside a Nix build, with the shell's own commands only.
#
# $known and $changed are store derivations. A derivation counts as changed if $changed leads to it and $known
# does not. $out becomes a JSON list of {drv, output, path}, one for each output of an unchanged derivation that
# a changed one is built from.
#
# A store derivation is Derive([OUTPUTS],[INPUTS],[SOURCES],…, where an output is ("NAME","PATH","…","…") and an
# input ("DRV",["OUTPUT",…]). Neither names nor paths hold brackets, so the first "],[" ends the outputs.
set -u

# load DRV sets $outputs and $inputs to the derivation's lists.
load() {
  IFS= read -r text <"$1" || [ -n "$text" ]
  outputs=${text%%'],['*}
  inputs=${text#*'],['}
  inputs=${inputs%%'],['*}
}

# next takes the first input off the list: $drv, $names (its outputs) and $key, the hash in its path.
next() {
  entry=${inputs%%'])'*}
  case $inputs in
    *'])'*) inputs=${inputs#*'])'} inputs=${inputs#,} ;;
    *) inputs= ;;
  esac
  drv=${entry#*\"} names=${drv#*[} drv=${drv%%\"*}
  hash "$drv"
}

# hash PATH sets $key to letters and digits that name the store path.
hash() {
  key=${1##*/}
  key=${key%%-*}
}

# mark_known DRV… marks derivations and all that they are built from.
mark_known() {
  while [ $# -gt 0 ]; do
    queue=
    for root; do
      hash "$root"
      eval "[ -z \"\${known_$key-}\" ]" || continue
      eval "known_$key=1"
      load "$root"
      while [ -n "$inputs" ]; do
        next
        eval "[ -n \"\${known_$key-}\" ]" || queue="$queue $drv"
      done
    done
    # shellcheck disable=SC2086 # store paths hold no spaces
    set -- $queue
  done
}

# need_inputs DRV… visits changed derivations and writes down what they need.
need_inputs() {
  while [ $# -gt 0 ]; do
    queue=
    for root; do
      hash "$root"
      eval "[ -z \"\${known_$key-}\${changed_$key-}\" ]" || continue
      eval "changed_$key=1"
      load "$root"
      while [ -n "$inputs" ]; do
        next
        if eval "[ -n \"\${known_$key-}\" ]"; then need; else queue="$queue $drv"; fi
      done
    done
    # shellcheck disable=SC2086 # store paths hold no spaces
    set -- $queue
  done
}

# need writes down the outputs $names of $drv.
need() {
  eval "have=\${need_$key-}"
  while :; do
    name=${names#*\"} name=${name%%\"*}
    case " $have " in
      *" $name "*) ;;
      *) have="$have $name" && list="$list $drv!$name" ;;
    esac
    case $names in
      *,*) names=${names#*,} ;;
      *) break ;;
    esac
  done
  eval "need_$key=\$have"
}

# write prints the list as JSON.
write() {
  separator='['
  for item in $list; do
    drv=${item%!*} name=${item##*!}
    load "$drv"
    path=${outputs#*"(\"$name\",\""} path=${path%%\"*}
    [ -n "$path" ] || continue
    printf '%s{"drv":"%s","output":"%s","path":"%s"}' "$separator" "$drv" "$name" "$path"
    separator=",
"
  done
  [ "$separator" != '[' ] || printf '['
  printf ']\n'
}

list=
# shellcheck disable=SC2154,SC2086 # the variables are of the derivation
mark_known $known
# shellcheck disable=SC2154,SC2086
need_inputs $changed
# shellcheck disable=SC2154
write >"$out"
