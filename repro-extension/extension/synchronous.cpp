// The control: no worker thread, so none that exits.
#include "serve.hpp"
#include "variant.hpp"

namespace repro {

constinit const Variant variant{
    .name = "synchronous",
    .keep_alive = false,
    .start = []() noexcept { return true; },
    // There is no DONE_WITH_SESSION after which to linger.
    .process = [](ECB& ecb) noexcept { return serve(ecb).status; },
    .stop = []() noexcept {},
};

} // namespace repro
