#include "tests/script_server/shrink.hpp"

#include <algorithm>
#include <iterator>

namespace loadgen {
namespace {

/// Each makes a script simpler in one respect.
std::vector<Script> simpler(const Script& script) {
    std::vector<Script> candidates;
    const auto with = [&](auto change) {
        Script candidate = script;
        change(candidate);
        if (!(candidate == script))
            candidates.push_back(std::move(candidate));
    };
    with([](Script& s) { s.pieces.clear(); });
    with([](Script& s) { s.interim = 0; });
    with([](Script& s) { s.extensions = s.trailers = false; });
    with([](Script& s) { s.asks = 0; });
    with([](Script& s) { s.reads = Script::all; });
    with([](Script& s) { s.body = 0; });
    with([](Script& s) { s.body = std::min<std::size_t>(s.body, 5); });
    with([](Script& s) { s.body /= 2; });
    with([](Script& s) { s.cut = Script::all; });
    with([](Script& s) { s.surplus = 0; });
    with([](Script& s) { s.surplus = std::min<std::size_t>(s.surplus, 1); });
    with([](Script& s) { s.http10 = false; });
    with([](Script& s) { s.status = 200; });
    with([](Script& s) { s.connection = ConnectionField::absent; });
    with([](Script& s) { s.framing = Framing::length; });
    with([](Script& s) { s.goodbye = Goodbye::fin; });
    with([](Script& s) { s.afterword = {}; });
    with([](Script& s) { s.afterword.pause = 0; });
    with([](Script& s) { s.afterword.linger = 0; });
    return candidates;
}

/// Halves, quarters, ... that fail alone.
std::vector<Script> fewest(std::vector<Script> scripts, const Fails& fails) {
    for (std::size_t size = scripts.size() / 2; size > 0; size /= 2) {
        for (std::size_t from = 0; from + size <= scripts.size() && scripts.size() > size; from += size) {
            const auto begin = scripts.begin() + static_cast<std::ptrdiff_t>(from);
            std::vector<Script> part(begin, begin + static_cast<std::ptrdiff_t>(size));
            if (fails(part)) {
                scripts = std::move(part);
                break;
            }
        }
    }
    return scripts;
}

} // namespace

std::vector<Script> smallest(std::vector<Script> scripts, std::optional<std::size_t> suspect,
                             const Fails& fails) {
    if (suspect) {
        const auto at = scripts.begin() + static_cast<std::ptrdiff_t>(*suspect);
        const std::vector<Script> alone(at, at + 1);
        const std::vector<Script> pair(*suspect > 0 ? at - 1 : at, at + 1);
        if (fails(alone))
            scripts = alone;
        else if (fails(pair))
            scripts = pair;
    }
    scripts = fewest(std::move(scripts), fails);
    constexpr std::size_t few = 3;
    if (scripts.size() > few)
        return scripts;
    for (bool changed = true; changed;) {
        changed = false;
        for (Script& script : scripts)
            for (Script& candidate : simpler(script)) {
                std::swap(script, candidate);
                if (fails(scripts)) {
                    changed = true;
                    break;
                }
                std::swap(script, candidate);
            }
    }
    return scripts;
}

} // namespace loadgen
