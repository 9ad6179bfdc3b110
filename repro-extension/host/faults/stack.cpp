#include "faults/stack.hpp"

#include "faults/image.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace host {
namespace {

#ifdef _WIN64

constexpr int most_frames = 64;

const void* innermost_frame(CONTEXT context, const CodeFilter& wanted) {
    for (int frames = 0; frames < most_frames && context.Rip != 0; ++frames) {
        if (const auto* address = std::bit_cast<const void*>(context.Rip); wanted(address))
            return address;
        DWORD64 base = 0;
        auto* const entry = RtlLookupFunctionEntry(context.Rip, &base, nullptr);
        if (entry == nullptr)
            return nullptr;
        void* data = nullptr;
        DWORD64 frame = 0;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, entry, &context, &data, &frame, nullptr);
    }
    return nullptr;
}

#else

// Where the stack that the address is on began: what of it is in use is committed, in one region up to
// there.
const char* beginning_of_stack(const char* on_it) {
    MEMORY_BASIC_INFORMATION region{};
    if (VirtualQuery(on_it, &region, sizeof(region)) == 0)
        return on_it;
    return static_cast<const char*>(region.BaseAddress) + region.RegionSize;
}

// E8 and an offset; FF /2 with what it takes to say where the address is (Intel's manual, volume 2A, CALL).
bool follows_call(const void* address) {
    constexpr std::size_t longest = 7;
    std::array<unsigned char, longest> code;
    std::memcpy(code.data(), static_cast<const char*>(address) - longest, longest);
    if (code[longest - 5] == 0xE8)
        return true;
    for (std::size_t length = 2; length <= longest; ++length)
        if (code[longest - length] == 0xFF && (code[longest - length + 1] & 0x38) == 0x10)
            return true;
    return false;
}

// Calls `visit` with what looks like a return address, innermost first, until it returns true.
template <class Visit>
void visit_return_addresses(const char* top, const CodeFilter& wanted, Visit visit) {
    const char* const beginning = beginning_of_stack(top);
    const void* word = nullptr;
    for (const char* place = top; place + sizeof(word) <= beginning; place += sizeof(word)) {
        std::memcpy(&word, place, sizeof(word));
        if (wanted(word) && follows_call(word) && visit(word))
            return;
    }
}

const void* innermost_frame(const CONTEXT& context, const CodeFilter& wanted) {
    const void* found = std::bit_cast<const void*>(context.Eip);
    if (wanted(found))
        return found;
    found = nullptr;
    visit_return_addresses(std::bit_cast<const char*>(context.Esp), wanted, [&](const void* address) {
        found = address;
        return true;
    });
    return found;
}

#endif

} // namespace

const void* innermost_code(const EXCEPTION_POINTERS& exception, const CodeFilter& wanted) {
    if (wanted(exception.ExceptionRecord->ExceptionAddress))
        return exception.ExceptionRecord->ExceptionAddress;
    return innermost_frame(*exception.ContextRecord, wanted);
}

#ifdef _WIN64

std::vector<const void*> return_addresses(const Image& image) {
    std::array<void*, 62> frames; // more than Windows XP gives at a time
    const USHORT count =
        RtlCaptureStackBackTrace(0, static_cast<DWORD>(frames.size()), frames.data(), nullptr);
    std::vector<const void*> found;
    for (const void* frame : std::span(frames).first(count))
        if (image.contains(frame))
            found.push_back(frame);
    return found;
}

#else

std::vector<const void*> return_addresses(const Image& image) {
    std::vector<const void*> found;
    const char here = 0;
    const auto* const top =
        std::bit_cast<const char*>(std::bit_cast<std::uintptr_t>(&here) & ~std::uintptr_t{3});
    visit_return_addresses(
        top, [&](const void* address) { return image.contains(address); },
        [&](const void* address) {
            found.push_back(address);
            return false;
        });
    return found;
}

#endif

} // namespace host
