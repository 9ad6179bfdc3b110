#include "isapi/files.hpp"

#include "base/utf8.hpp"

#include <limits>

namespace host {

UniqueHandle open_to_read(const std::string& path) noexcept {
    auto* const file = CreateFileW(to_utf16(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                   nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    return UniqueHandle(file == INVALID_HANDLE_VALUE ? nullptr : file);
}

DWORD append_file(std::string& bytes, HANDLE file, std::uint64_t offset, std::uint64_t size) {
    LARGE_INTEGER length{};
    if (!GetFileSizeEx(file, &length))
        return ERROR_INVALID_HANDLE;
    const auto end = static_cast<std::uint64_t>(length.QuadPart);
    if (offset > end || size > end - offset)
        return ERROR_INVALID_PARAMETER;
    const std::uint64_t wanted = size == 0 ? end - offset : size;
    if (wanted > std::numeric_limits<DWORD>::max())
        return ERROR_NOT_ENOUGH_MEMORY;
    const std::size_t before = bytes.size();
    bytes.resize(before + static_cast<std::size_t>(wanted));
    const UniqueHandle read(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(offset);
    where.OffsetHigh = static_cast<DWORD>(offset >> 32);
    where.hEvent = read.get();
    DWORD got = 0;
    if (!ReadFile(file, bytes.data() + before, static_cast<DWORD>(wanted), nullptr, &where) &&
        GetLastError() != ERROR_IO_PENDING)
        return GetLastError();
    return GetOverlappedResult(file, &where, &got, TRUE) && got == wanted ? 0 : DWORD{ERROR_HANDLE_EOF};
}

} // namespace host
