#include "client/engine/stream_end.hpp"

#include <boost/asio/error.hpp>

#include <string>

#ifdef __GNUC__ // Boost's categories live for ever: their destructor is protected, and not virtual
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif

namespace loadgen {
namespace {

class TruncatedStream final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "loadgen.stream"; }
    std::string message(int) const override { return "closed without close_notify"; }
};

} // namespace

boost::system::error_code truncated_stream() {
    static const TruncatedStream category;
    return {1, category};
}

bool is_end_of_stream(const boost::system::error_code& error) {
    return error == boost::asio::error::eof || error == truncated_stream();
}

} // namespace loadgen
