pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

GalleryPage {
    title: "Type and colour"

    Repeater {
        model: Object.keys(Theme.types)

        delegate: RowLayout {
            id: line

            required property string modelData

            T {
                Layout.preferredWidth: Theme.space(16)
                role: "small"
                text: line.modelData
                color: Theme.inkSecondary
            }
            T {
                role: line.modelData
                text: "Verified. Everyone signed. €18,400"
            }
        }
    }
    Flow {
        Layout.fillWidth: true
        spacing: Theme.space(1)

        Repeater {
            model: ["ground", "surface", "paper", "ink", "accent", "accentTint", "failed", "failedTint", "pending", "pendingTint", "notChecked", "saved", "focus"]

            delegate: Rectangle {
                required property string modelData

                width: Theme.space(6)
                height: Theme.space(4)
                radius: Theme.radiusBadge
                color: Theme[modelData]
                border.width: Theme.lineHairline
                border.color: Theme.hairline
            }
        }
    }
    Icon {
        name: "shield-check"
        size: Theme.space(4)
    }
}
