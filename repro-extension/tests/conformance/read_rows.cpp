// ReadClient and ASYNC_READ_CLIENT: "error total ahead read hash", of a body that the client POSTs.
#include "calls.hpp"
#include "resources.hpp"
#include "rows.hpp"

#include <memory>

namespace repro::conformance {
namespace {

/// What has come of a body: its length and an FNV-1a hash.
struct Sum {
    DWORD bytes = 0;
    std::uint32_t hash = 2'166'136'261;

    void add(const char* text, DWORD size) noexcept {
        bytes += size;
        for (DWORD i = 0; i < size; ++i)
            hash = (hash ^ static_cast<unsigned char>(text[i])) * 16'777'619;
    }
};

Sum ahead(const ECB& ecb) noexcept {
    Sum sum;
    sum.add(reinterpret_cast<const char*>(ecb.lpbData), ecb.cbAvailable);
    return sum;
}

TextOf<128> told(const ECB& ecb, DWORD error, const Sum& sum) noexcept {
    TextOf<128> text;
    text << error << " " << ecb.cbTotalBytes << " " << ecb.cbAvailable << " " << sum.bytes << " " << sum.hash;
    return text;
}

using Room = std::array<char, 2000>;

/// Reads no more than there is: a server may wait for what never comes.
void read(ECB& ecb, Reply& reply) noexcept {
    Sum sum = ahead(ecb);
    DWORD error = 0;
    Room room;
    while (error == 0 && sum.bytes < ecb.cbTotalBytes) {
        auto size = static_cast<DWORD>(room.size());
        if (!ecb.ReadClient(ecb.ConnID, room.data(), &size))
            error = GetLastError();
        else if (size == 0)
            break;
        else
            sum.add(room.data(), size);
    }
    reply.text << told(ecb, error, sum).view();
}

/// Lives from HttpExtensionProc to the last callback.
struct Reading : OnProcessHeap {
    Sum sum;
    Room room;
};

DWORD read_more(ECB& ecb, Reading& reading) noexcept {
    auto size = static_cast<DWORD>(reading.room.size());
    DWORD flags = HSE_IO_ASYNC;
    return call(ecb, HSE_REQ_ASYNC_READ_CLIENT, reading.room.data(), &size, &flags);
}

void WINAPI on_read(ECB* ecb, void* context, DWORD bytes, DWORD error) noexcept {
    auto* const reading = static_cast<Reading*>(context);
    reading->sum.add(reading->room.data(), bytes);
    if (error == 0 && bytes > 0 && reading->sum.bytes < ecb->cbTotalBytes &&
        (error = read_more(*ecb, *reading)) == 0)
        return; // it is the next callback's
    const std::unique_ptr<Reading> last{reading};
    answer(*ecb, told(*ecb, error, reading->sum).view(), false);
    done(*ecb);
}

void read_async(ECB& ecb, Reply& reply) noexcept {
    const Sum sum = ahead(ecb);
    DWORD error = 0;
    if (sum.bytes < ecb.cbTotalBytes) {
        std::unique_ptr<Reading> reading{new Reading};
        error = reading ? call(ecb, HSE_REQ_IO_COMPLETION, reinterpret_cast<void*>(&on_read), nullptr,
                               reading.get())
                        : DWORD{ERROR_NOT_ENOUGH_MEMORY};
        if (error == 0) {
            reading->sum = sum;
            error = read_more(ecb, *reading);
        }
        if (error == 0) {
            static_cast<void>(reading.release()); // it is the callback's
            reply.status = HSE_STATUS_PENDING;
            return;
        }
    }
    reply.text << told(ecb, error, sum).view();
}

constexpr auto rows = std::to_array<Row>({
    {"read", read},
    {"read-chunked", read},
    {"read-async", read_async},
});

} // namespace

constinit const std::span<const Row> read_rows{rows};

} // namespace repro::conformance
