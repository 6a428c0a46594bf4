// The addon's files: each exports its functions through an init function, which addon.cpp calls.
#pragma once
#include <napi.h>

void init_sys_socket(Napi::Object exports);
void init_ownership(Napi::Object exports);
void init_events(Napi::Object exports);
void init_batch(Napi::Object exports);
void init_sys_epoll(Napi::Object exports);
void init_sys_event(Napi::Object exports);
void init_sys_ioctl(Napi::Object exports);
void init_sys_sendfile(Napi::Object exports);
void init_net_if(Napi::Object exports);
void init_ifaddrs(Napi::Object exports);
void init_lookup(Napi::Object exports);
void init_unistd(Napi::Object exports);
void init_fcntl(Napi::Object exports);
void init_poll(Napi::Object exports);
void init_sys_uio(Napi::Object exports);
void init_sys_select(Napi::Object exports);
void init_sys_resource(Napi::Object exports);
void init_arpa_inet(Napi::Object exports);
void init_netdb(Napi::Object exports);
void init_signal(Napi::Object exports);
void init_stdio(Napi::Object exports);
void init_stdlib(Napi::Object exports);
void init_string(Napi::Object exports);
