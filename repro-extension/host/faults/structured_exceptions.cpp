#include "faults/structured_exceptions.hpp"

#include <cstring>

#if defined(_MSC_VER)

static LONG filter(host::ExceptionObserver& observer, const EXCEPTION_POINTERS* exception) noexcept {
    observer.on_exception(*exception);
    return EXCEPTION_EXECUTE_HANDLER;
}

bool host::returned_well(void (*function)(void*), void* argument, ExceptionObserver& observer) noexcept {
    __try {
        function(argument);
    } __except (filter(observer, GetExceptionInformation())) {
        return false;
    }
    return true;
}

#else

// The observer's address is in the frame, since both kinds of handlers are told of theirs. (A thread_local's
// destructor runs after its memory is gone in some threads of MinGW's.)
extern "C" {
bool isapi_host_returned_well(void (*function)(void*), void* argument, host::ExceptionObserver* observer);
LONG isapi_host_filter(EXCEPTION_POINTERS* exception, const char* frame) {
#ifdef _WIN64
    constexpr int place = 32;
#else
    constexpr int place = 8;
#endif
    host::ExceptionObserver* observer = nullptr;
    std::memcpy(&observer, frame + place, sizeof(observer));
    observer->on_exception(*exception);
    return EXCEPTION_EXECUTE_HANDLER;
}
}

#ifdef _WIN64

// What a __try is made of: a frame whose language handler is the C run-time's, with one guarded range, its
// filter, and where to go on (Microsoft's "x64 exception handling", C_SCOPE_TABLE).
asm(".text\n"
    ".globl isapi_host_returned_well\n"
    ".def isapi_host_returned_well; .scl 2; .type 32; .endef\n"
    ".seh_proc isapi_host_returned_well\n"
    "isapi_host_returned_well:\n"
    "  subq $40, %rsp\n"
    "  .seh_stackalloc 40\n"
    "  .seh_endprologue\n"
    "  movq %r8, 32(%rsp)\n"
    "  movq %rcx, %rax\n"
    "  movq %rdx, %rcx\n"
    ".Lguarded_begin:\n"
    "  call *%rax\n"
    "  nop\n"
    ".Lguarded_end:\n"
    "  movl $1, %eax\n"
    "  addq $40, %rsp\n"
    "  ret\n"
    ".Lguarded_crashed:\n"
    "  xorl %eax, %eax\n"
    "  addq $40, %rsp\n"
    "  ret\n"
    "  .seh_handler __C_specific_handler, @except\n"
    "  .seh_handlerdata\n"
    "  .long 1\n"
    "  .rva .Lguarded_begin, .Lguarded_end, isapi_host_filter, .Lguarded_crashed\n"
    "  .text\n"
    "  .seh_endproc\n");

#else

// On x86 it is a record on the stack, in the list that begins at fs:0, with a handler (Matt Pietrek, "A
// Crash Course on the Depths of Win32 Structured Exception Handling", Microsoft Systems Journal, 1997). The
// handler is called a second time, with flag 2 or 4, when frames are left: by us, in RtlUnwind, those below
// ours; by another handler, our own. RtlUnwind keeps ebp alone.
asm(".text\n"
    ".globl _isapi_host_returned_well\n"
    "_isapi_host_returned_well:\n"
    "  pushl %ebp\n"
    "  movl %esp, %ebp\n"
    "  pushl %ebx\n"
    "  pushl %esi\n"
    "  pushl %edi\n"
    "  pushl 16(%ebp)\n"
    "  pushl $_isapi_host_on_exception\n"
    "  pushl %fs:0\n"
    "  movl %esp, %fs:0\n"
    "  subl $16, %esp\n"
    "  andl $-16, %esp\n"
    "  movl 12(%ebp), %eax\n"
    "  movl %eax, (%esp)\n"
    "  call *8(%ebp)\n"
    "  leal -24(%ebp), %esp\n" // the record
    "  movl $1, %eax\n"
    ".Lguarded_out:\n"
    "  popl %fs:0\n"
    "  addl $8, %esp\n"
    "  popl %edi\n"
    "  popl %esi\n"
    "  popl %ebx\n"
    "  popl %ebp\n"
    "  ret\n"
    // (EXCEPTION_RECORD* 8(%ebp), the record on the stack 12(%ebp), CONTEXT* 16(%ebp), ...)
    "_isapi_host_on_exception:\n"
    "  pushl %ebp\n"
    "  movl %esp, %ebp\n"
    "  cld\n"
    "  movl 8(%ebp), %eax\n"
    "  testl $6, 4(%eax)\n"
    "  jnz .Lguarded_unwinding\n"
    "  subl $32, %esp\n"
    "  andl $-16, %esp\n"
    "  movl %eax, 16(%esp)\n" // EXCEPTION_POINTERS
    "  movl 16(%ebp), %eax\n"
    "  movl %eax, 20(%esp)\n"
    "  leal 16(%esp), %eax\n"
    "  movl %eax, (%esp)\n"
    "  movl 12(%ebp), %eax\n"
    "  movl %eax, 4(%esp)\n"
    "  call _isapi_host_filter\n"
    "  pushl $0\n"
    "  pushl 8(%ebp)\n"
    "  pushl $.Lguarded_unwound\n"
    "  pushl 12(%ebp)\n"
    "  call _RtlUnwind@16\n"
    ".Lguarded_unwound:\n"
    "  movl 12(%ebp), %esp\n"
    "  leal 24(%esp), %ebp\n"
    "  xorl %eax, %eax\n"
    "  jmp .Lguarded_out\n"
    ".Lguarded_unwinding:\n"
    "  movl $1, %eax\n" // ExceptionContinueSearch
    "  popl %ebp\n"
    "  ret\n");

#endif

bool host::returned_well(void (*function)(void*), void* argument, ExceptionObserver& observer) noexcept {
    return isapi_host_returned_well(function, argument, &observer);
}

#endif
