// Who posted an overlapped request: what its cancel is put down to.
#pragma once

#include "faults/thread_origin.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace host {

class Image;

class Poster {
  public:
    Poster() = default;
    explicit Poster(const ThreadOrigin& origin, const Image* of = nullptr) noexcept
        : thread(origin), extension(of) {}

    ThreadOrigin thread;
    /// Whose DONE_WITH_SESSION it was; null: the pool's own doing.
    const Image* extension = nullptr;

    /// The path of the request that was completed, as much as is kept of it.
    std::string_view request() const noexcept { return {request_.data(), request_length_}; }
    void set_request(std::string_view path) noexcept {
        request_length_ = std::min(path.size(), request_.size());
        std::copy_n(path.data(), request_length_, request_.data());
    }

  private:
    std::array<char, 80> request_{}; // no memory of its own: every DONE_WITH_SESSION makes one
    std::size_t request_length_ = 0;
};

} // namespace host
