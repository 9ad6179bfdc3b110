// What an extension reads from its client and sends to it, besides the head: ReadClient, WriteClient,
// and the ServerSupportFunction codes for asynchronous reads, files and vectors. Each returns 0 or
// the Win32 error; arguments are as the ISAPI has them.
#pragma once

#include "isapi/control_block.hpp"

namespace host::client_io {

DWORD write(ControlBlock& block, void* buffer, DWORD* size, bool async);
DWORD read(ControlBlock& block, void* buffer, DWORD* size);

/// HSE_REQ_IO_COMPLETION. `buffer`: the PFN_HSE_IO_COMPLETION; `type`: its context.
DWORD set_callback(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_ASYNC_READ_CLIENT. `buffer`: room; `size`: of it; `type`: HSE_IO_ASYNC.
DWORD read_async(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_TRANSMIT_FILE. `buffer`: an HSE_TF_INFO.
DWORD transmit_file(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);
/// HSE_REQ_VECTOR_SEND. `buffer`: an HSE_RESPONSE_VECTOR.
DWORD send_vector(ControlBlock& block, void* buffer, DWORD* size, DWORD* type);

} // namespace host::client_io
