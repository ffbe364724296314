pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

GalleryPage {
    id: page

    readonly property var kinds: ["primary", "secondary", "quiet", "destructive", "danger"]

    title: "Buttons"

    Repeater {
        model: page.kinds

        delegate: RowLayout {
            id: line

            required property string modelData

            spacing: Theme.space(1)

            CmsButton {
                kind: line.modelData
                text: "Propose"
            }
            CmsButton {
                kind: line.modelData
                text: "Propose"
                icon: "plus"
                shortcutHint: "Ctrl N"
            }
            CmsButton {
                kind: line.modelData
                text: "Pressed"
                down: true
            }
            CmsButton {
                kind: line.modelData
                text: "Small"
                small: true
            }
            CmsButton {
                kind: line.modelData
                text: "Large"
                large: true
            }
            CmsButton {
                kind: line.modelData
                text: "Busy"
                busy: true
            }
            CmsButton {
                kind: line.modelData
                text: "Disabled"
                enabled: false
            }
        }
    }
    CmsButton {
        Layout.fillWidth: true
        kind: "row"
        text: "A row of a list"
        icon: "file-text"
        hint: "Ctrl K"
    }
    RowLayout {
        spacing: Theme.space(2)

        IconButton {
            icon: "dots-three"
            tip: "More"
        }
        IconButton {
            icon: "gear-six"
            tip: "Settings"
            chosen: true
        }
        IconButton {
            icon: "x"
            tip: "Close"
            enabled: false
        }
        HoldButton {
            text: "Hold to sign"
        }
        HoldButton {
            text: "Hold to sign"
            enabled: false
        }
    }
    RowLayout {
        HoldFace {
            implicitWidth: Theme.space(24)
            implicitHeight: Theme.sizeButtonLarge
            icon: "pen-nib"
            text: "Keep holding"
            lit: false
        }
        Segmented {
            options: ["As the system", "Light", "Dark"]
            icons: ["monitor", "sun", "moon"]
            current: 1
        }
    }
}
