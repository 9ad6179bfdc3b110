// The functions of the C library that compilers, and the inline half of the C++ library, call by
// name. Built so that the compiler doesn't turn these loops back into calls of themselves.
#include <cstddef>

#ifdef _MSC_VER
#pragma function(memset, memcpy, memcmp, strlen)
#endif

extern "C" {

void* memset(void* destination, int value, std::size_t size) {
    auto* const to = static_cast<unsigned char*>(destination);
    for (std::size_t i = 0; i < size; ++i)
        to[i] = static_cast<unsigned char>(value);
    return destination;
}

void* memcpy(void* destination, const void* source, std::size_t size) {
    auto* const to = static_cast<unsigned char*>(destination);
    const auto* const from = static_cast<const unsigned char*>(source);
    for (std::size_t i = 0; i < size; ++i)
        to[i] = from[i];
    return destination;
}

void* memmove(void* destination, const void* source, std::size_t size) {
    auto* const to = static_cast<unsigned char*>(destination);
    const auto* const from = static_cast<const unsigned char*>(source);
    if (to < from)
        return memcpy(destination, source, size);
    for (std::size_t i = size; i > 0; --i)
        to[i - 1] = from[i - 1];
    return destination;
}

int memcmp(const void* left, const void* right, std::size_t size) {
    const auto* const a = static_cast<const unsigned char*>(left);
    const auto* const b = static_cast<const unsigned char*>(right);
    for (std::size_t i = 0; i < size; ++i)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}

const void* memchr(const void* text, int value, std::size_t size) {
    const auto* const bytes = static_cast<const unsigned char*>(text);
    for (std::size_t i = 0; i < size; ++i)
        if (bytes[i] == static_cast<unsigned char>(value))
            return bytes + i;
    return nullptr;
}

std::size_t strlen(const char* text) {
    std::size_t size = 0;
    while (text[size] != '\0')
        ++size;
    return size;
}

} // extern "C"
