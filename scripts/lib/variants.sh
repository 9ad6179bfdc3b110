# shellcheck shell=bash disable=SC2034
# The variants of the extension, the faulty one first. To be sourced.
variants=(thread-per-request thread-pool keep-alive keep-alive-pool synchronous)

# claims_of faulty|fixed: sets `claims`, what loadgen regress is told of the variants. The word says
# which the first one is.
claims_of() {
    local variant
    claims=("--$1" "${variants[0]}")
    for variant in "${variants[@]:1}"; do
        if [[ $variant = keep-alive* ]]; then variant+=,keep-alive; fi
        claims+=(--fixed "$variant")
    done
}
