import QtQuick
import Cms.Components

// The passphrase of the wallet, once more.
TextInputField {
    label: qsTr("Passphrase of the wallet")
    secret: true
}
