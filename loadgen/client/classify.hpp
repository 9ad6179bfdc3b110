// From an error code to the cause of an attempt's end.
#pragma once

#include "measure/outcome.hpp"

#include <boost/system/error_code.hpp>

#include <string>

namespace loadgen {

/// The cause behind an error that a socket operation or the HTTP parser reported. Only for errors of the
/// network: what we cancelled ourselves must be set apart before its error code is read, since on Windows
/// both have the same code.
Cause classify(const boost::system::error_code& error);

/// ECONNRESET, WSAECONNRESET, ...; the number where there is no symbol; the parser's words for its errors;
/// empty for a FIN.
std::string error_name(const boost::system::error_code& error);

} // namespace loadgen
