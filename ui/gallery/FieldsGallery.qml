import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

GalleryPage {
    title: "Fields and choices"

    GridLayout {
        Layout.fillWidth: true
        columns: 2
        columnSpacing: Theme.space(3)
        rowSpacing: Theme.space(2)

        TextInputField {
            Layout.fillWidth: true
            label: "Empty"
            placeholder: "did:key:…"
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Warned"
            text: "Calloway Orchard"
            warned: true
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Error"
            text: "did:key:z6Mku8BC"
            error: "Too short: 32 characters are missing."
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Checked"
            text: "did:key:z6Mku8BC…zfKy6Vo"
            checked: true
            hint: "Ed25519, in your contacts as Idris Calloway"
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Disabled"
            text: "https://contracts.example.org"
            enabled: false
        }
        SelectField {
            Layout.fillWidth: true
            label: "Select"
            options: [
                {
                    "value": "witness",
                    "text": "Witness"
                },
                {
                    "value": "signer",
                    "text": "Signer"
                }
            ]
            value: "witness"
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Secret"
            labelHint: "optional"
            strongLabel: true
            secret: true
            text: "copper kettle"
        }
        TextInputField {
            Layout.fillWidth: true
            label: "Word"
            prefix: "7"
            mono: true
            text: "meadow"
            checked: true
        }
    }
    RowLayout {
        spacing: Theme.space(3)

        CheckField {
            text: "Chosen"
            checked: true
        }
        CheckField {
            text: "Not"
            hint: "A smaller line"
        }
        RadioField {
            text: "On"
            checked: true
        }
        RadioField {
            text: "Off"
        }
        SwitchField {
            text: "On"
            checked: true
        }
        SwitchField {
            text: "Off"
        }
        StepSlider {
            name: "Text size"
            from: 0
            to: 1
            value: 0.4
        }
    }
    RowLayout {
        spacing: Theme.space(3)

        SearchField {
            placeholder: "Search titles, parties, text"
        }
        CommandField {}
    }
    SettingRow {
        Layout.fillWidth: true
        text: "Less motion"
        hint: "No fades, no sliding."

        SwitchField {
            name: "Less motion"
        }
    }
}
