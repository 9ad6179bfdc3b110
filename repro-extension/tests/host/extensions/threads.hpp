// What the test extensions have in common.
#pragma once

#include <windows.h>

#include <httpext.h>

#include <string_view>

/// Starts a raw thread, whose start address is therefore in this DLL; TerminateExtension waits for
/// its end.
HANDLE start_thread(LPTHREAD_START_ROUTINE routine, EXTENSION_CONTROL_BLOCK* block);

/// Head and body. With `ex` false by HSE_REQ_SEND_RESPONSE_HEADER, which cannot say whether to keep
/// the connection.
void answer(EXTENSION_CONTROL_BLOCK* block, std::string_view body, bool ex = true, bool keep = true);

/// DONE_WITH_SESSION, with HSE_STATUS_SUCCESS_AND_KEEP_CONN if the query has the word "keep".
void done(EXTENSION_CONTROL_BLOCK* block);

bool query_has(const EXTENSION_CONTROL_BLOCK* block, std::string_view word);
