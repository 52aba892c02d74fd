#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/// Keys a MAC context for HMAC with SHA-256; the parameter list needs a mutable C string that Swift has no constant for.
static inline int COpenSSL_initialiseHMACSHA256(EVP_MAC_CTX *context, const unsigned char *key, size_t count) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(context, key, count, parameters);
}

/// Makes an RSA key; OpenSSL's own function for it takes a variable number of arguments.
static inline EVP_PKEY *COpenSSL_generateRSA(unsigned int bits) {
    return EVP_RSA_gen(bits);
}

/// OpenSSL's lists of certificates are handled by macros; a list here never owns what it holds.
static inline STACK_OF(X509) *COpenSSL_newCertificates(void) {
    return sk_X509_new_null();
}

static inline int COpenSSL_appendCertificate(STACK_OF(X509) *certificates, X509 *certificate) {
    return sk_X509_push(certificates, certificate);
}

static inline int COpenSSL_countCertificates(const STACK_OF(X509) *certificates) {
    return sk_X509_num(certificates);
}

static inline X509 *COpenSSL_certificate(const STACK_OF(X509) *certificates, int place) {
    return sk_X509_value(certificates, place);
}

static inline void COpenSSL_freeCertificates(STACK_OF(X509) *certificates) {
    sk_X509_free(certificates);
}

/// The rest are macros over functions that take a command.
static inline long COpenSSL_useMinimumTLS12(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

static inline long COpenSSL_addChainCertificate(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate);
}

static inline void COpenSSL_setContextWithoutDatabase(X509V3_CTX *context, X509 *issuer, X509 *subject) {
    X509V3_set_ctx(context, issuer, subject, NULL, NULL, 0);
    X509V3_set_ctx_nodb(context);
}
