// How the end of what a peer sends is told.
#pragma once

#include <boost/system/error_code.hpp>

namespace loadgen {

/// A TLS peer has closed without saying so first (close_notify). The stream has ended, but anybody on the
/// way may have ended it: it is no end of an answer that has no length of its own (RFC 9112, 9.8).
boost::system::error_code truncated_stream();

/// Of on_read: the peer has closed, with boost::asio::error::eof or with that.
bool is_end_of_stream(const boost::system::error_code& error);

} // namespace loadgen
