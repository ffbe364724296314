import QtQuick
import Cms.Components

// The kind of a key; a keystore holds secp256k1 only.
SelectField {
    id: field

    property bool fromKeystore: false

    onFromKeystoreChanged: if (fromKeystore && value === "ed25519")
        value = "ethereum"
    objectName: "keyKind"
    label: qsTr("Kind of key")
    value: "ed25519"
    options: [
        {
            "value": "ed25519",
            "text": qsTr("Ed25519, did:key")
        },
        {
            "value": "secp256k1",
            "text": qsTr("secp256k1, did:key")
        },
        {
            "value": "ethereum",
            "text": qsTr("secp256k1, Ethereum account")
        }
    ].slice(fromKeystore ? 1 : 0)
    onChosen: value => field.value = value
}
